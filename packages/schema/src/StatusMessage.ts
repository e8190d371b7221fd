/**
 * Reasons of a cancellation, with advice for people.
 *
 * @since 0.1.0
 */
import * as OpenEnum from "./OpenEnum.ts"

const advice = {
  AUTHENTICATION_FAILED: "The bank rejected the credentials: ask the customer to sign in to the bank again.",
  BANK_NOT_AVAILABLE: "The bank could not be reached: try again later.",
  CUSTOMER_CANCELLATION: "The customer cancelled it: ask whether to start again.",
  DECLINED_BY_BANK: "The bank's rules do not allow it: the customer must ask the bank, or use another account.",
  EXPIRED: "It was not completed in time: start again.",
  INVALID_ACCOUNT: "The account number does not exist: correct it and register the account again.",
  NOT_ENOUGH_FUNDS: "The account does not have enough money: add money to it or use another one.",
  DOCUMENT_ACCOUNT_MISMATCH: "The account does not belong to that document number: correct one of them.",
  ERROR: "Palomma gives no reason: ask Palomma, and mention the id."
} as const

/**
 * The reason of a cancellation.
 *
 * Palomma's schema lists seven values and its documentation nine: all nine are known. Palomma documents it only for the
 * status `cancelled`, but its examples also show it with other statuses.
 *
 * @category models
 * @since 0.1.0
 */
export type StatusMessage = typeof StatusMessage.Type

/**
 * Type of the schema {@link StatusMessage}.
 *
 * @category schemas
 * @since 0.1.0
 */
export interface StatusMessageSchema extends OpenEnum.OpenEnum<keyof typeof advice> {}

/**
 * Schema of the reason of a cancellation: its known values, and what to do about each (`describe`).
 *
 * @category schemas
 * @since 0.1.0
 */
export const StatusMessage: StatusMessageSchema = OpenEnum.make("StatusMessage", advice)
