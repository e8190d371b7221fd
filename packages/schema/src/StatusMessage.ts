/**
 * Why something was cancelled, in Palomma's words and in a person's.
 *
 * @since 0.1.0
 */
import * as OpenEnum from "./OpenEnum.ts"

const advice = {
  AUTHENTICATION_FAILED: "The bank refused the credentials: ask the customer to sign in to the bank again.",
  BANK_NOT_AVAILABLE: "The bank could not be reached: try again later.",
  CUSTOMER_CANCELLATION: "The customer called it off: ask whether to start again.",
  DECLINED_BY_BANK: "The bank's own rules forbid it: the customer has to ask the bank, or use another account.",
  EXPIRED: "It was not completed in time: start again.",
  INVALID_ACCOUNT: "The account number does not exist: correct it and register the account again.",
  NOT_ENOUGH_FUNDS: "The account holds too little money: fund it or use another one.",
  DOCUMENT_ACCOUNT_MISMATCH: "The account does not belong to that document number: correct one of them.",
  ERROR: "Palomma gives no reason: ask Palomma, with the id at hand."
} as const

/**
 * Why something was cancelled; `describe` says what to do about it.
 *
 * Palomma's schema lists seven values and its documentation nine: all nine are known. It is documented to be present only while the
 * status is `cancelled`, though Palomma's own examples show it beside other statuses.
 *
 * @category models
 * @since 0.1.0
 */
export type StatusMessage = typeof StatusMessage.Type

/**
 * The schema of {@link StatusMessage}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface StatusMessageSchema extends OpenEnum.OpenEnum<keyof typeof advice> {}

/**
 * The schema of why something was cancelled; `describe` says what to do about it.
 *
 * @category schemas
 * @since 0.1.0
 */
export const StatusMessage: StatusMessageSchema = OpenEnum.make("StatusMessage", advice)
