// What the first page asks of the server. It is asked before the page is drawn where the browser begins there.
import { query, queryClient } from "../../api/client"
import { mayOf, meOptions } from "../../identity/me"

export const SHOWN = 100

export const inboxOptions = () => query.queryOptions("get", "/api/v1/deliveries", { params: { query: { limit: SHOWN } } })
export const lateOptions = () => query.queryOptions("get", "/api/v1/late", { params: { query: { limit: SHOWN } } })

/** Asks who the reader is, and for their duties when the first page is the one that is opened; waits for the former. */
export async function startHome(path: string) {
  const me = await queryClient.fetchQuery(meOptions()).catch(() => undefined) // the page says what is wrong
  if (path !== "/") return
  const may = mayOf(me)
  if (may("documents.read")) void queryClient.prefetchQuery(inboxOptions())
  if (may("traces.read")) void queryClient.prefetchQuery(lateOptions())
}
