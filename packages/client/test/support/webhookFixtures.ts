/**
 * Webhooks signed by OpenSSL, which shares no code with this library:
 *
 *     data=$(printf %s "$json" | openssl base64 -A)
 *     printf %s "$data" | openssl dgst -sha256 -hmac ik_test_INTEGRITYSENTINEL
 *     printf %s "$data" | openssl dgst -sha256 -hmac ik_other
 */
import { createHmac } from "node:crypto"

/** The integrity key of the fixtures. */
export const integrityKey = "ik_test_INTEGRITYSENTINEL"
/** Another key, with which they are signed too. */
export const otherKey = "ik_other"

/** Texts that must never be printed. */
export const secrets = [integrityKey, otherKey, "DOC-SENTINEL", "MAIL-SENTINEL", "PHONE-SENTINEL"]

/** When Palomma wrote the fixtures, in milliseconds since 1970. */
export const writtenAt = Date.parse("2026-11-20T12:00:00.000Z")

export interface Signed {
  readonly encodedData: string
  readonly signature: string
}

export interface Fixture extends Signed {
  readonly json: string
  readonly signatureOfOther: string
}

/** A payout that was paid. Its text is not only ASCII, and its marked fields hold sentinels. */
export const paid: Fixture = {
  json: '{"webhookId":"01JD4ZPAYOUT0000000000000A","timestamp":"2026-11-20T12:00:00.000Z","eventType":"payout-request.update","event":{"id":"01HPR8QBF5QKA313RPBSKYB7DS","reference":"nomina-2026-11","customerId":"01HPR57X6QR5ZRKEEKBSDBW4RA","customerDetails":{"name":"María Muñoz","documentType":"cc","documentNumber":"DOC-SENTINEL","email":"MAIL-SENTINEL","phoneNumber":"PHONE-SENTINEL"},"payoutTargetId":"01HPR8S7YF43PV3QV16TZDC80P","status":"approved","amount":100000,"amountSent":100000,"fee":500,"createdAt":"2026-11-20T11:59:00.000Z","updatedAt":"2026-11-20T12:00:00.000Z"}}',
  encodedData:
    "eyJ3ZWJob29rSWQiOiIwMUpENFpQQVlPVVQwMDAwMDAwMDAwMDAwQSIsInRpbWVzdGFtcCI6IjIwMjYtMTEtMjBUMTI6MDA6MDAuMDAwWiIsImV2ZW50VHlwZSI6InBheW91dC1yZXF1ZXN0LnVwZGF0ZSIsImV2ZW50Ijp7ImlkIjoiMDFIUFI4UUJGNVFLQTMxM1JQQlNLWUI3RFMiLCJyZWZlcmVuY2UiOiJub21pbmEtMjAyNi0xMSIsImN1c3RvbWVySWQiOiIwMUhQUjU3WDZRUjVaUktFRUtCU0RCVzRSQSIsImN1c3RvbWVyRGV0YWlscyI6eyJuYW1lIjoiTWFyw61hIE11w7FveiIsImRvY3VtZW50VHlwZSI6ImNjIiwiZG9jdW1lbnROdW1iZXIiOiJET0MtU0VOVElORUwiLCJlbWFpbCI6Ik1BSUwtU0VOVElORUwiLCJwaG9uZU51bWJlciI6IlBIT05FLVNFTlRJTkVMIn0sInBheW91dFRhcmdldElkIjoiMDFIUFI4UzdZRjQzUFYzUVYxNlRaREM4MFAiLCJzdGF0dXMiOiJhcHByb3ZlZCIsImFtb3VudCI6MTAwMDAwLCJhbW91bnRTZW50IjoxMDAwMDAsImZlZSI6NTAwLCJjcmVhdGVkQXQiOiIyMDI2LTExLTIwVDExOjU5OjAwLjAwMFoiLCJ1cGRhdGVkQXQiOiIyMDI2LTExLTIwVDEyOjAwOjAwLjAwMFoifX0=",
  signature: "165007254bae4a6b08d10010faa673d934ec2bca18b8495692201269f060358a",
  signatureOfOther: "44d9366a7ca88d9bb88e233cf957dd8fa844dba7fe781a97ceee84449b1916e4"
}

/** An event of an unknown kind. */
export const unknownKind: Fixture = {
  json: '{"webhookId":"01JD4ZNEWKIND000000000000A","timestamp":"2026-11-20T12:00:00.000Z","eventType":"refund.update","event":{"id":"01JD4ZREFUND","documentNumber":"DOC-SENTINEL"}}',
  encodedData:
    "eyJ3ZWJob29rSWQiOiIwMUpENFpORVdLSU5EMDAwMDAwMDAwMDAwQSIsInRpbWVzdGFtcCI6IjIwMjYtMTEtMjBUMTI6MDA6MDAuMDAwWiIsImV2ZW50VHlwZSI6InJlZnVuZC51cGRhdGUiLCJldmVudCI6eyJpZCI6IjAxSkQ0WlJFRlVORCIsImRvY3VtZW50TnVtYmVyIjoiRE9DLVNFTlRJTkVMIn19",
  signature: "d35628e3c4bf77ad97979e034ca0298216e1c5610fb936ea55b3707c0a06b3c4",
  signatureOfOther: "380ad25cc80727e0a053739524f0c50b213d5fa97bbbe90a11809c9950b93403"
}

/** A known kind whose record is not as Palomma documents it. */
export const malformed: Fixture = {
  json: '{"webhookId":"01JD4ZBADPAYOUT0000000000A","timestamp":"2026-11-20T12:00:00.000Z","eventType":"payout-request.update","event":{"id":"","status":7,"customerDetails":{"documentNumber":{"DOC-SENTINEL":"MAIL-SENTINEL"}}}}',
  encodedData:
    "eyJ3ZWJob29rSWQiOiIwMUpENFpCQURQQVlPVVQwMDAwMDAwMDAwQSIsInRpbWVzdGFtcCI6IjIwMjYtMTEtMjBUMTI6MDA6MDAuMDAwWiIsImV2ZW50VHlwZSI6InBheW91dC1yZXF1ZXN0LnVwZGF0ZSIsImV2ZW50Ijp7ImlkIjoiIiwic3RhdHVzIjo3LCJjdXN0b21lckRldGFpbHMiOnsiZG9jdW1lbnROdW1iZXIiOnsiRE9DLVNFTlRJTkVMIjoiTUFJTC1TRU5USU5FTCJ9fX19",
  signature: "fe84c7ce0773a81721236c92be7853988de66ebcb39d10781f26dad603d1edbd",
  signatureOfOther: "68852f4608b8af2da234a11f93b38e68843c79ea1f09e63707c645678d83a590"
}

/** Signs any text with Node's own HMAC. */
export const signText = (encodedData: string, key = integrityKey): Signed => ({
  encodedData,
  signature: createHmac("sha256", key).update(encodedData).digest("hex")
})

/** Signs a value as Palomma does. */
export const sign = (value: unknown, key = integrityKey): Signed =>
  signText(Buffer.from(JSON.stringify(value)).toString("base64"), key)

/** The request that Palomma would send. Its body is false, because no code may read it. */
export const requestOf = ({ encodedData, signature }: Signed): Request =>
  new Request("http://localhost/webhooks/palomma", {
    method: "POST",
    headers: { "X-Encoded-Data": encodedData, "X-Signature": signature },
    body: JSON.stringify({ webhookId: "body", eventType: "payout-request.update", event: { status: "cancelled" } })
  })

/** An event with required fields only. */
export const eventOf = (webhookId: string, timestamp: string): unknown => ({
  webhookId,
  timestamp,
  eventType: "payout-request.update",
  event: { id: "01HPR8QBF5QKA313RPBSKYB7DS", customerDetails: { documentNumber: "DOC-SENTINEL" } }
})
