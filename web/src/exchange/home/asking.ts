// What the first page asks of the server. It is asked before the page is drawn where the browser begins there.
import { query, queryClient } from "../../api/client"
import { mayOf, meOptions } from "../../identity/me"
import { SHOWN } from "./first"

const SOON_MS = 150 // not noticed, and less than drawing the page twice takes

export const inboxOptions = () => query.queryOptions("get", "/api/v1/deliveries", { params: { query: { limit: SHOWN } } })
export const lateOptions = () => query.queryOptions("get", "/api/v1/late", { params: { query: { limit: SHOWN } } })

/**
 * Asks who the reader is, and for their duties when the first page is the one that is opened. Waits for the former, and
 * for the latter a moment, so that the page is drawn once.
 */
export async function startHome(path: string) {
  const me = await queryClient.fetchQuery(meOptions()).catch(() => undefined) // the page says what is wrong
  if (path !== "/") return
  const may = mayOf(me)
  const lists = [
    may("documents.read") && queryClient.prefetchQuery(inboxOptions()),
    may("traces.read") && queryClient.prefetchQuery(lateOptions()),
  ]
  await Promise.race([Promise.all(lists), new Promise((passed) => setTimeout(passed, SOON_MS))])
}
