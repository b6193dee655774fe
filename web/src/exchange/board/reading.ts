// The deliveries of a document, as the board and the outbox read them: asked for once by both.
import { queryOptions } from "@tanstack/react-query"
import { api, given } from "../../api/client"

export const PAGE = 1000 // the most that the server gives at once

export function boardPage(id: string, first: number, limit: number, signal?: AbortSignal) {
  const params = { path: { id }, query: { first, limit } }
  return given(api.GET("/api/v1/documents/{id}/trace", { params, ...(signal ? { signal } : {}) }))
}

/** The first PAGE deliveries with every step. */
export const boardQuery = (id: string) => queryOptions({ queryKey: ["board", id], queryFn: ({ signal }) => boardPage(id, 0, PAGE, signal) })
