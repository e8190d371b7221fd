/**
 * Customers: the people and companies that pay or are paid.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { DocumentType } from "./DocumentType.ts"
import { CustomerId } from "./Id.ts"
import { acceptedValue } from "./internal/create/acceptedValue.ts"
import { optional } from "./internal/check/optional.ts"
import { perMerchant } from "./internal/create/perMerchant.ts"
import { Record } from "./internal/read/record.ts"
import { Reference, Text } from "./internal/check/text.ts"
import type { MerchantRules } from "./MerchantRules.ts"
import * as Sensitive from "./Sensitive.ts"
import { Timestamp } from "./Timestamp.ts"

const details = {
  reference: Schema.optionalKey(Schema.String),
  name: Schema.optionalKey(Sensitive.mark(Schema.String)),
  documentType: Schema.optionalKey(DocumentType),
  documentNumber: Schema.optionalKey(Sensitive.mark(Schema.String)),
  email: Schema.optionalKey(Sensitive.mark(Schema.String)),
  phoneNumber: Schema.optionalKey(Sensitive.mark(Schema.String))
}

/**
 * A customer, as Palomma stores it.
 *
 * @category models
 * @since 0.1.0
 */
export class Customer extends Record<Customer>("Customer")({
  id: CustomerId,
  ...details,
  createdAt: Schema.optionalKey(Timestamp),
  updatedAt: Schema.optionalKey(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/**
 * The copy of a customer's data in other records.
 *
 * It has no id.
 *
 * @category models
 * @since 0.1.0
 */
export class CustomerDetails extends Record<CustomerDetails>("CustomerDetails")(details) {
  static {
    Sensitive.maskIn(this)
  }
}

const createOf = (documentType: Schema.Codec<DocumentType>) =>
  Schema.Struct({
    /** The full name of a person, or the name of a company. */
    name: Sensitive.mark(Text),
    documentType,
    documentNumber: Sensitive.mark(Text),
    email: Sensitive.mark(Text),
    phoneNumber: Sensitive.mark(Text),
    /** Your own name for the customer. */
    reference: optional(Reference)
  }).annotate({ identifier: "CreateCustomer" })

const schemaFor = perMerchant(({ extra }) => createOf(acceptedValue(DocumentType, extra.documentTypes)))

/**
 * The body of a request that registers a customer.
 *
 * @category models
 * @since 0.1.0
 */
export class CreateCustomer extends Schema.Opaque<CreateCustomer>()(createOf(acceptedValue(DocumentType))) {
  /** Returns this schema for a merchant's rules: with the document types that Palomma enabled for that merchant. */
  static forMerchant(rules: MerchantRules): Schema.Codec<CreateCustomer> {
    return schemaFor(rules)
  }
  /**
   * The schema of the contract, for all merchants: it accepts any document type, since Palomma may enable it for a
   * merchant.
   */
  static readonly wire: Schema.Codec<CreateCustomer> = createOf(Schema.toType(DocumentType))
}
