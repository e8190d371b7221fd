/**
 * Answers of Palomma, from its documentation.
 */

/** The id of the payout in the answer. */
export const payoutId = "01HPR8QBF5QKA313RPBSKYB7DS"

/** A payout that the bank is processing: with every documented field, some of them still `null`. */
export const payout = (id = payoutId): Record<string, unknown> => ({
  id,
  reference: "invoice-2031",
  customerId: "01HPR57X6QR5ZRKEEKBSDBW4RA",
  customerDetails: {
    reference: "customer-77",
    name: "Pepito Perez",
    documentType: "cc",
    documentNumber: "1037551022",
    email: "pepito@example.com",
    phoneNumber: "3013111111"
  },
  payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P",
  payoutTargetDetails: { reference: null, description: "savings", type: "bankAccount" },
  status: "processing",
  statusMessage: null,
  amount: 100_000,
  amountSent: 100_000,
  fee: 500,
  sourceMerchantAccountId: "default",
  createdAt: "2026-11-07T05:31:56Z",
  updatedAt: "2026-11-07T05:31:56Z"
})

/** A page of payouts with the default number of records. */
export const page = (size = 20): Record<string, unknown> => ({
  items: Array.from({ length: size }, (_, i) => payout(`01HPR8QBF5QKA313RPBSKYB${String(i).padStart(3, "0")}`)),
  cursor: "next",
  count: size
})

/** The body of a create of a payout. */
export const createBody = {
  payoutTargetId: "01HPR8S7YF43PV3QV16TZDC80P",
  amount: 100_000,
  reference: "invoice-2031"
} as const
