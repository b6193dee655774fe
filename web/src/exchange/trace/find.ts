// What somebody types into the one field: an id of the exchange, or a number and notation.
import { api, given, type Schemas } from "../../api/client"
import { ProblemError } from "@truc/client/problem"

export type Trace = Schemas["Trace"]

const DOCUMENT = /^[0-9a-f]{24}$/
const DELIVERY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const SENDERS_MAX = 5
const PAGE = 50

export const isId = (typed: string) => DOCUMENT.test(typed) || DELIVERY.test(typed)

/**
 * The way of what is named. A notation needs a sender; without one the reader's own organisations are tried, as most
 * ask for what they have sent, and then what they may find. Nothing when it is neither, or when several senders have
 * used it: then the sender must be said.
 */
export async function findTrace(typed: string, sender: string | undefined, own: readonly string[]): Promise<Trace | null> {
  const named = typed.trim()
  const limit = PAGE
  if (isId(named.toLowerCase())) return traceOf(named.toLowerCase())
  if (sender) return given(api.GET("/api/v1/trace", { params: { query: { code: named, sender, limit } } }))
  for (const code of own.slice(0, SENDERS_MAX)) {
    try {
      return await given(api.GET("/api/v1/trace", { params: { query: { code: named, sender: code, limit } } }))
    } catch (error) {
      if (!(error instanceof ProblemError) || error.reason !== "exchange.unknown_document") throw error
    }
  }
  const id = await idByCode(named)
  return id === undefined ? null : traceOf(id)
}

export const traceOf = (id: string): Promise<Trace> =>
  given(api.GET("/api/v1/documents/{id}/trace", { params: { path: { id }, query: { limit: PAGE } } }))

/** The one document with just this notation that the reader may find, if there is one. */
async function idByCode(code: string): Promise<string | undefined> {
  const same = (text: string) => text.toLocaleLowerCase("vi") === code.toLocaleLowerCase("vi")
  try {
    const { items } = await given(api.GET("/api/v1/search", { params: { query: { q: code, limit: 20 } } }))
    const found = items.filter((hit) => same(hit.code.text))
    return found.length === 1 ? found[0]?.id : undefined
  } catch (error) {
    // Not everybody who may trace may search, and not every site has an index.
    if (error instanceof ProblemError) return undefined
    throw error
  }
}
