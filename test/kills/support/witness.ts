/** A journal and a `fetch` that report their calls, and change nothing. */
import { type Transfer, TransferJournal, type TransferJournalService } from "@palomma-effect/client"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Claiming, type HandedOver, writeReport } from "./reports.ts"

/** The header that names the program and the run of a request to the server. */
export const runHeader = "x-run"

const claiming = ({ claim, kind, reference, state }: Transfer): Claiming | undefined =>
  state === "sending" && claim !== undefined ? { is: "claiming", kind, reference, claim: claim.id } : undefined

/** A journal that reports each claim before it writes it. */
export const journal = <E, R>(
  real: Layer.Layer<TransferJournal, E, R>,
  emit: (claiming: Claiming) => void = writeReport
): Layer.Layer<TransferJournal, E, R> =>
  Layer.effect(
    TransferJournal,
    Effect.map(TransferJournal, (journal): TransferJournalService => {
      const witnessed = (write: TransferJournalService["insert"]) => (row: Transfer) =>
        Effect.suspend(() => {
          const reports = claiming(row)
          if (reports !== undefined) emit(reports)
          return write(row)
        })
      return {
        isDurable: journal.isDurable,
        now: journal.now,
        find: (key) => journal.find(key),
        findByRecordId: (namespace, kind, recordId) => journal.findByRecordId(namespace, kind, recordId),
        insert: witnessed((row) => journal.insert(row)),
        replace: witnessed((row) => journal.replace(row)),
        list: (query) => journal.list(query)
      }
    })
  ).pipe(Layer.provide(real))

interface Asked {
  readonly reference: string
  readonly payinSourceId?: string
}

// The content of a create, from the bytes of its body.
const handedOver = (run: string, body: Uint8Array): HandedOver => {
  const { payinSourceId, reference }: Asked = JSON.parse(new TextDecoder().decode(body))
  return { is: "handedOver", run, kind: payinSourceId === undefined ? "payout" : "payin", reference }
}

const through = (
  body: ReadableStream<Uint8Array>,
  before: (bytes: Uint8Array) => void,
  after: () => void
): ReadableStream<Uint8Array> => {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        before(value)
        controller.enqueue(value)
        after()
      },
      cancel: (reason) => reader.cancel(reason)
    },
    { highWaterMark: 0 }
  )
}

/**
 * A `fetch` that adds the run to each request, and reports each body as soon as it gets it. `after` is called once
 * `fetch` has the body, before it is sent.
 */
export const fetch =
  (
    run: () => string,
    emit: (handedOver: HandedOver) => void = writeReport,
    after: () => void = () => {}
  ): typeof globalThis.fetch =>
  (input, init = {}) => {
    const headers = new Headers(init.headers)
    const of = run()
    headers.set(runHeader, of)
    const { body } = init
    if (!(body instanceof ReadableStream)) return globalThis.fetch(input, { ...init, headers })
    const reported = through(body, (bytes) => emit(handedOver(of, bytes)), after)
    return globalThis.fetch(input, { ...init, headers, body: reported })
  }
