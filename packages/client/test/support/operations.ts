/**
 * Every operation of the contract, with a call of it and an answer to it.
 *
 * The list follows the contract. A new group needs an entry in `samples`, an operation with a new name one in
 * `callsOf`. `check` reports a missing entry, and until then its operations are `unknown`, which fails one test.
 */
import * as Client from "@palomma-effect/client"
import { PalommaApi } from "@palomma-effect/schema"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { built, key } from "./layers.ts"

/**
 * Values that must never be printed: one recognisable text for every marked field, as a caller passes it. They have
 * little in common, because a text that is a part of a secret is not shown either.
 */
export const marked = {
  name: "Zoraida Quiñonez",
  documentNumber: "DOC7Q1KX9",
  email: "wxpost@zq.example",
  phoneNumber: "PHN3V8WLT",
  accountNumber: "ACC5B2RJM",
  cardNumber: "4929111122223333",
  cvv: "0173"
} as const

/** The same values as Palomma's answers hold them. */
export const markedInAnswers = {
  name: "Eufrasia Ñungo",
  documentNumber: "DUC4H6YPB",
  email: "kvlist@uj.example",
  phoneNumber: "TEL9Z2GXD"
} as const

/** Values that are not secret but stay out of spans: ids, references. */
export const unmarked = {
  id: "01ID-SENTINEL",
  otherId: "01OTHER-SENTINEL",
  reference: "REFERENCE-SENTINEL"
} as const

const customerDetails = { reference: unmarked.reference, documentType: "cc", ...markedInAnswers }
const toCustomer = {
  customerId: unmarked.otherId,
  redirectUrl: "https://shop.example/back",
  reference: unmarked.reference
}

/** The inputs and answers of a group of operations. */
export interface Sample {
  /** The bodies of a create, one of each kind. */
  readonly bodies?: Record<string, object>
  /** A record as Palomma returns it, without its id. */
  readonly record: object
  /** A query that names every filter. */
  readonly query: object
  /** The arguments before the id or the query, for records below another one. */
  readonly parents?: ReadonlyArray<string>
}

type Groups = typeof PalommaApi.groups

const samples: { readonly [Group in keyof Groups]: Sample } = {
  customers: {
    bodies: {
      "": {
        name: marked.name,
        documentType: "cc",
        documentNumber: marked.documentNumber,
        email: marked.email,
        phoneNumber: marked.phoneNumber,
        reference: unmarked.reference
      }
    },
    record: customerDetails,
    query: { reference: unmarked.reference }
  },
  payoutTargets: {
    bodies: {
      "": {
        ...toCustomer,
        type: "bankAccount",
        bankAccount: { bank: "nequi", accountType: "savings", accountNumber: marked.accountNumber }
      }
    },
    record: { status: "active", customerDetails, reference: unmarked.reference },
    query: { reference: unmarked.reference, customerId: unmarked.otherId }
  },
  payoutRequests: {
    bodies: { "": { payoutTargetId: unmarked.otherId, amount: 50_000, reference: unmarked.reference } },
    record: {
      status: "processing",
      payoutTargetId: unmarked.otherId,
      amount: 50_000,
      customerDetails,
      reference: unmarked.reference
    },
    query: { reference: unmarked.reference, customerId: unmarked.otherId, payoutTargetId: unmarked.otherId }
  },
  payinLinks: {
    bodies: {
      general: { ...toCustomer, amount: 50_000, type: "general", availableTypes: ["pse", "card"] },
      pse: { ...toCustomer, amount: 50_000, type: "pse", bank: "bancolombia" },
      bancolombiaButton: { ...toCustomer, amount: 50_000, type: "bancolombiaButton" },
      nequiButton: { ...toCustomer, amount: 50_000, type: "nequiButton", phoneNumber: marked.phoneNumber },
      card: {
        ...toCustomer,
        amount: 50_000,
        type: "card",
        card: {
          cardNumber: Redacted.make(marked.cardNumber),
          expirationMonth: "01",
          expirationYear: "2031",
          cvv: Redacted.make(marked.cvv)
        }
      },
      bancolombiaCollect: { ...toCustomer, amount: 50_000, type: "bancolombiaCollect" }
    },
    record: { status: "pending", amount: 50_000, customerDetails, reference: unmarked.reference },
    query: { reference: unmarked.reference, customerId: unmarked.otherId, payinSettlementId: unmarked.otherId }
  },
  payinSources: {
    bodies: {
      bankAccount: {
        ...toCustomer,
        type: "bankAccount",
        bankAccount: { bank: "bancolombia", accountType: "savings", accountNumber: marked.accountNumber }
      },
      bancolombiaToken: { ...toCustomer, type: "bancolombiaToken" },
      nequiToken: { ...toCustomer, type: "nequiToken", phoneNumber: marked.phoneNumber }
    },
    record: { status: "active", customerDetails, reference: unmarked.reference },
    query: { reference: unmarked.reference, customerId: unmarked.otherId }
  },
  payinRequests: {
    bodies: { "": { payinSourceId: unmarked.otherId, amount: 50_000, reference: unmarked.reference } },
    record: { status: "processing", amount: 50_000, customerDetails, reference: unmarked.reference },
    query: {
      reference: unmarked.reference,
      customerId: unmarked.otherId,
      payinSourceId: unmarked.otherId,
      payinSettlementId: unmarked.otherId
    }
  },
  merchantAccounts: { record: { description: "main", type: "aggregator", availableBalance: 1 }, query: {} },
  payinSettlements: {
    record: { merchantAccountId: "default", totalAmountCollected: 1 },
    query: {},
    parents: [unmarked.otherId]
  }
}

const here = "packages/client/test/support/operations.ts"

const entryOf = <A>(table: { readonly [name: string]: A }, name: string): A | undefined => table[name]

/** The inputs of the operations of a group. */
export const sampleOf = (group: string): Sample => {
  const sample = entryOf(samples, group)
  if (sample === undefined) throw new Error(`${group} has no entry in samples of ${here}`)
  return sample
}

/** One operation of the contract, called in one way. */
export interface Operation {
  /** The operation, as errors and spans name it. */
  readonly operation: string
  /** The operation, and how it is called. */
  readonly name: string
  /** Its group in the contract. */
  readonly group: string
  readonly kind: "create" | "get" | "list"
  /** Whether a second call can do harm. */
  readonly safety: "read" | "create"
  readonly method: string
  readonly path: string
  readonly call: Effect.Effect<unknown, Client.PalommaError, Client.Palomma.Services>
  /** The input of a create. */
  readonly body: object | undefined
  /** The marked values of its body. */
  readonly secrets: ReadonlyArray<string>
  /** A successful answer. */
  readonly success: object
}

interface AnyService {
  readonly [method: string]:
    | ((
        ...args: ReadonlyArray<unknown>
      ) => Effect.Effect<unknown, Client.PalommaError> | Stream.Stream<unknown, Client.PalommaError>)
    | undefined
}

const exported: Record<string, unknown> = { ...Client }

/** The name of the service that has the operations of a group. */
export const serviceOf = (group: string): string => group.charAt(0).toUpperCase() + group.slice(1)

const invoke = (group: string, method: string, args: ReadonlyArray<unknown>) =>
  Effect.map(exported[serviceOf(group)] as Effect.Effect<AnyService, never, Client.Palomma.Services>, (self) => {
    const result = self[method]?.(...args)
    if (result === undefined) throw new Error(`${serviceOf(group)} has no ${method}`)
    return result
  })

/** Calls a method of a group's service as a program without types would. */
export const call = (group: string, method: string, ...args: ReadonlyArray<unknown>): Operation["call"] =>
  Effect.flatMap(invoke(group, method, args), (result) =>
    Stream.isStream(result) ? Stream.runCollect(result) : result
  )

/** The records of a stream or of a look-up, one by one. */
export const streamOf = (
  group: string,
  method: string,
  ...args: ReadonlyArray<unknown>
): Stream.Stream<{ readonly id: string }, Client.PalommaError, Client.Palomma.Services> =>
  Stream.unwrap(
    Effect.map(
      invoke(group, method, args),
      (result) =>
        (Stream.isStream(result)
          ? result
          : Stream.fromIterableEffect(result as Effect.Effect<Array<unknown>, Client.PalommaError>)) as Stream.Stream<
          { readonly id: string },
          Client.PalommaError
        >
    )
  )

const secretsOf = (body: object): Array<string> =>
  Object.values(body).flatMap((value: unknown): Array<string> => {
    if (Redacted.isRedacted(value)) return [String(Redacted.value(value))]
    if (typeof value === "string") return Object.values<string>(marked).filter((secret) => secret === value)
    return typeof value === "object" && value !== null ? secretsOf(value) : []
  })

type Endpoints = { readonly [Group in keyof Groups]: keyof Groups[Group]["endpoints"] }[keyof Groups]

// An operation of the contract, and the inputs of its group.
interface Endpoint extends Pick<Operation, "operation" | "group" | "method" | "path"> {
  readonly sample: Sample
}

const commonOf = ({ sample: _, ...endpoint }: Endpoint) => ({
  ...endpoint,
  name: endpoint.operation,
  safety: endpoint.method === "GET" ? ("read" as const) : ("create" as const),
  body: undefined,
  secrets: []
})
const recordOf = ({ sample }: Endpoint) => ({ id: unmarked.id, ...sample.record })

// How the operations of each name are called. An operation with another name may need a `kind` of its own.
const callsOf: { readonly [Name in Endpoints]: (endpoint: Endpoint) => ReadonlyArray<Operation> } = {
  create: (endpoint) => {
    const { group, operation, sample } = endpoint
    return Object.entries(sample.bodies ?? {}).map(([type, body]) => ({
      ...commonOf(endpoint),
      name: type === "" ? operation : `${operation} of type ${type}`,
      kind: "create",
      call: call(group, "create", body),
      body,
      secrets: secretsOf(body),
      success: recordOf(endpoint)
    }))
  },
  get: (endpoint) => {
    const { group, sample } = endpoint
    const get = call(group, "get", ...(sample.parents ?? []), unmarked.id)
    return [{ ...commonOf(endpoint), kind: "get", call: get, success: recordOf(endpoint) }]
  },
  list: (endpoint) => {
    const { group, sample } = endpoint
    const { parents = [], query } = sample
    const service = serviceOf(group)
    const success = { items: [recordOf(endpoint)], cursor: null, count: 1 }
    const list = { ...commonOf(endpoint), kind: "list" as const, success }
    const byReference =
      "reference" in query
        ? [{ ...list, name: `${service}.findByReference`, call: call(group, "findByReference", unmarked.reference) }]
        : []
    return [
      { ...list, call: call(group, "list", ...parents, query) },
      { ...list, name: `${service}.stream`, call: call(group, "stream", ...parents, query) },
      ...byReference
    ]
  }
}

const services = Effect.runSync(Effect.scoped(built({ apiKey: key })))

/** Whether the layer provides a method of a group's service. */
const isProvided = (group: string, name: string): boolean => {
  const service = services.mapUnsafe.get(`@palomma-effect/client/${serviceOf(group)}`)
  return serviceOf(group) in exported && typeof service === "object" && service !== null && name in service
}

/** Why an operation has no call among those under test. */
const problemOf = (group: string, name: string): string =>
  isProvided(group, name)
    ? `add ${group} to samples and ${name} to callsOf in ${here}`
    : `packages/client provides no ${serviceOf(group)}.${name}`

const all = Object.entries(PalommaApi.groups).flatMap(([group, { endpoints }]) =>
  Object.entries(endpoints).map(([name, { method, path }]) => {
    const sample = entryOf(samples, group)
    const calls = entryOf(callsOf, name)
    const operation = `${serviceOf(group)}.${name}`
    const found =
      sample === undefined || calls === undefined || !isProvided(group, name)
        ? []
        : calls({ operation, group, method, path, sample })
    return { found, problems: found.length > 0 ? [] : [`${operation} is not tested: ${problemOf(group, name)}`] }
  })
)

/** Every operation under test. */
export const operations: ReadonlyArray<Operation> = all.flatMap(({ found }) => found)

/** Why an operation of the contract is not under test, and what to do. */
export const untested: ReadonlyArray<string> = all.flatMap(({ problems }) => problems)

export const creates: ReadonlyArray<Operation> = operations.filter(({ kind }) => kind === "create")
export const reads: ReadonlyArray<Operation> = operations.filter(({ safety }) => safety === "read")

/** One operation by its name in tests. */
export const operationNamed = (name: string): Operation => {
  const found = operations.find((operation) => operation.name === name)
  if (found === undefined) throw new Error(`no operation ${name}`)
  return found
}

export const aCreate: Operation = operationNamed("PayoutRequests.create")
export const aGet: Operation = operationNamed("PayoutRequests.get")
export const aList: Operation = operationNamed("PayoutRequests.list")

/** One of each kind: the shared code of all operations is tested with these, and with all operations for a few rows. */
export const oneOfEach: ReadonlyArray<Operation> = [aCreate, aGet, aList]
