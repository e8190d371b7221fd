import * as Duration from "effect/Duration"
import { setPayinLinkStatus, setPayinSourceStatus, setPayoutTargetStatus } from "./transitions.ts"
import type { World } from "./world.ts"

// After a visit, the bank needs the processing time. Without one, only a control changes the status.
const afterProcessing = (world: World, now: number, change: (at: number) => void): void => {
  const { processingTime } = world.settings
  if (processingTime !== undefined) world.schedule(now + Duration.toMillis(processingTime), change)
}

/**
 * Does what the owner does on a page of Palomma: verifies a payout target, allows debits, or pays a link.
 *
 * Returns the URL that the page redirects to, or `undefined` if there is no such page. A second visit changes nothing.
 */
export const visit = (world: World, url: URL, now: number): string | undefined => {
  const { pathname, searchParams } = url
  switch (pathname) {
    case "/payoutTargets": {
      const target = world.payoutTargets.get(searchParams.get("payoutTargetId") ?? "")
      if (target?.status !== "active" && target?.status !== "cancelled" && target !== undefined) {
        setPayoutTargetStatus(world, target, { status: "active" }, now)
      }
      return target?.redirectUrl
    }
    case "/payinSources": {
      const source = world.payinSources.get(searchParams.get("payinSourceId") ?? "")
      if (source?.status === "pending") {
        setPayinSourceStatus(world, source, { status: "processing" }, now)
        afterProcessing(world, now, (at) => {
          const latest = world.payinSources.get(source.id)
          if (latest?.status === "processing") setPayinSourceStatus(world, latest, { status: "active" }, at)
        })
      }
      return source?.redirectUrl
    }
    case "/payinLinks": {
      const link = world.payinLinks.get(searchParams.get("payinLinkId") ?? "")
      if (link?.status === "pending") {
        setPayinLinkStatus(world, link, { status: "processing" }, now)
        afterProcessing(world, now, (at) => {
          const latest = world.payinLinks.get(link.id)
          if (latest?.status === "processing") setPayinLinkStatus(world, latest, { status: "approved" }, at)
        })
      }
      return link?.redirectUrl
    }
    default:
      return undefined
  }
}
