/**
 * Customers: the people and companies that pay or are paid.
 */
import * as Schema from "effect/Schema"
import { DocumentType } from "./DocumentType.ts"
import { CustomerId } from "./Id.ts"
import { given } from "./internal/given.ts"
import { received } from "./internal/received.ts"
import { Reference, Text } from "./internal/text.ts"
import * as Sensitive from "./Sensitive.ts"
import { Timestamp } from "./Timestamp.ts"

const details = {
  reference: received(Schema.String),
  name: received(Schema.String),
  documentType: received(DocumentType),
  documentNumber: received(Sensitive.mark(Schema.String)),
  email: received(Sensitive.mark(Schema.String)),
  phoneNumber: received(Sensitive.mark(Schema.String))
}

/** A customer as Palomma knows it. */
export class Customer extends Schema.Class<Customer>("Customer")({
  id: CustomerId,
  ...details,
  createdAt: received(Timestamp),
  updatedAt: received(Timestamp)
}) {
  static {
    Sensitive.maskIn(this)
  }
}

/** The copy of a customer's data that other records carry. It has no id. */
export class CustomerDetails extends Schema.Class<CustomerDetails>("CustomerDetails")(details) {
  static {
    Sensitive.maskIn(this)
  }
}

/** What it takes to register a customer. */
export class CreateCustomer extends Schema.Opaque<CreateCustomer>()(
  Schema.Struct({
    /** Full name of a person, or name of a company. */
    name: Text,
    documentType: Schema.toType(DocumentType.closed),
    documentNumber: Sensitive.mark(Text),
    email: Sensitive.mark(Text),
    phoneNumber: Sensitive.mark(Text),
    /** Your own name for the customer. */
    reference: given(Reference)
  }).annotate({ identifier: "CreateCustomer" })
) {}
