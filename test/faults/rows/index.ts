import type { Row, Section } from "../matrix.ts"
import { body } from "./body.ts"
import { connecting } from "./connecting.ts"
import { http2 } from "./http2.ts"
import { keepAlive } from "./keep-alive.ts"
import { reads } from "./reads.ts"
import { request } from "./request.ts"
import { statuses } from "./status.ts"
import { secure } from "./tls.ts"

/** Whether a row is about a create. */
export const isCreate = ({ call = "create" }: Row): boolean => call === "create"

/** The matrix. */
export const sections: ReadonlyArray<Section> = [connecting, secure, http2, request, body, statuses, keepAlive, reads]
