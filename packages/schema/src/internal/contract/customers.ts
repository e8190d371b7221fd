import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import { CustomerId, pathSegment } from "../../Id.ts"
import { Page, pageQuery } from "../../Page.ts"
import { CreateCustomer, Customer } from "../../Customer.ts"
import { createErrors, getErrors, listErrors, PalommaAuth, reference } from "./common.ts"

export const customers = HttpApiGroup.make("customers")
  .add(
    HttpApiEndpoint.post("create", "/customers", {
      payload: CreateCustomer.wire,
      success: Customer,
      error: createErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "createCustomer", summary: "Register a customer" })),
    HttpApiEndpoint.get("list", "/customers", {
      query: { reference, ...pageQuery },
      success: Page(Customer),
      error: listErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "listCustomers", summary: "List customers" })),
    HttpApiEndpoint.get("get", "/customers/:customerId", {
      params: { customerId: pathSegment(CustomerId) },
      success: Customer,
      error: getErrors
    }).annotateMerge(OpenApi.annotations({ identifier: "getCustomerById", summary: "Fetch one customer" }))
  )
  .middleware(PalommaAuth)
  .annotateMerge(OpenApi.annotations({ title: "Customers", description: "People and companies that pay or are paid." }))
