// The one way to the server. Answers that are no success are thrown: ProblemError with the server's reason and its
// sentences in both languages, or Disconnected when no answer came.
import type { ProblemError } from "@truc/client/problem"
import { problemOf } from "@truc/client/problem"
import type { components, paths } from "@truc/client/schema"
import { hashKey, QueryClient, type QueryKey } from "@tanstack/react-query"
import createFetchClient from "openapi-fetch"
import createQueryHooks from "openapi-react-query"
import type { Language } from "../language/language"
import { earlyAnswer } from "./early"
import { straightText } from "../language/straight"
import { session } from "./session"

export type Schemas = components["schemas"]

/** No answer came: the network is gone, or the server is. */
export class Disconnected extends Error {
  override readonly name = "Disconnected"
}

const ENDED = new Set(["identity.not_signed_in", "identity.nobody"])

/** The answer with texts of strangers that turn nothing. */
async function straight(answer: Response): Promise<Response> {
  if (!/json/.test(answer.headers.get("Content-Type") ?? "")) return answer
  const text = await answer.clone().text()
  const kept = straightText(text)
  return kept === text ? answer : new Response(kept, { status: answer.status, headers: answer.headers })
}

/** Sends it in the session of this page. When that has ended, waits until its reader has signed in again. */
async function send(request: Request): Promise<Response> {
  const early = await earlyAnswer(request)
  if (early?.ok) return straight(early)
  // Only while the page begins: later somebody has signed in.
  if (early && session.now().status === "unknown") throw await problemOf(early)
  for (;;) {
    const attempt = new Request(request.clone())
    attempt.headers.set("Accept-Language", document.documentElement.lang)
    const { csrf } = session.now()
    if (csrf && request.method !== "GET") attempt.headers.set("X-CSRF-Token", csrf)
    const answer = await fetch(attempt)
      .then(straight)
      .catch((broken: unknown) => {
        throw request.signal.aborted ? broken : new Disconnected()
      })
    if (answer.ok) return answer
    const problem = await problemOf(answer)
    if (problem.status !== 401 || !ENDED.has(problem.reason) || session.now().status === "none") throw problem
    await session.renewed(problem)
  }
}

export const api = createFetchClient<paths>({ baseUrl: location.origin, fetch: send })
export const query = createQueryHooks(api)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => error instanceof Disconnected && failures < 2,
      refetchOnWindowFocus: true,
      // We find out ourselves: a browser that calls itself offline still reaches a server in its own network.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
})

/** What an openapi-fetch call gave; those that fail have thrown. */
export async function given<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}

/** The server's sentence in the reader's language; it names the remedy. */
export function textOf({ problem }: ProblemError, language: Language): string {
  return (language === "vi" ? problem.detail_vi : problem.detail_en) ?? problem.detail
}

/** Where the next page of a list begins, from the address that the server gives. */
export function cursorOf(next: string | undefined): string | undefined {
  return next === undefined ? undefined : (new URL(next, location.origin).searchParams.get("cursor") ?? undefined)
}

/** For useInfiniteQuery: page after page, by the server's cursor. */
export const byCursor = {
  pageParamName: "cursor",
  // Kept apart from the same call made at once, whose answer has no pages.
  queryKeyHashFn: (key: QueryKey) => `pages ${hashKey(key)}`,
  initialPageParam: null, // undefined would become 0
  getNextPageParam: (last: { next?: string }) => cursorOf(last.next),
}
