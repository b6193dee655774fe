// Errors of the exchange (RFC 9457).
import type { components } from "./schema.js"

export type Problem = components["schemas"]["Problem"]

/** The exchange said no. `reason` never changes and is for programs, the message is for people. */
export class ProblemError extends Error {
  override readonly name = "ProblemError"
  readonly status: number
  readonly reason: string
  /** What is wrong: a JSON Pointer into the body, or a parameter. */
  readonly pointer: string | undefined

  constructor(readonly problem: Problem) {
    super(`${problem.detail} [${problem.reason}]`)
    this.status = problem.status
    this.reason = problem.reason
    this.pointer = problem.pointer
  }
}

/** Reads it from an answer that is no success; also from one that a proxy gave, or that was made without an address. */
export async function problemOf(answer: Response): Promise<ProblemError> {
  const text = await answer.text()
  let found: Record<string, unknown> = {}
  try {
    const json: unknown = JSON.parse(text)
    if (typeof json === "object" && json !== null) found = { ...json }
  } catch {
    // not JSON: below
  }
  const word = (name: string) => (typeof found[name] === "string" ? found[name] : undefined)
  const detail = word("detail") ?? word("error_description") ?? (text.slice(0, 200) || answer.statusText)
  const pointer = word("pointer")
  const instance = word("instance") ?? (answer.url === "" ? undefined : new URL(answer.url).pathname)
  return new ProblemError({
    type: word("type") ?? "about:blank",
    title: word("title") ?? word("error") ?? answer.statusText,
    status: answer.status,
    reason: word("reason") ?? "",
    detail,
    detail_vi: word("detail_vi") ?? word("error_description_vi") ?? detail,
    detail_en: word("detail_en") ?? word("error_description") ?? detail,
    ...(instance === undefined ? {} : { instance }),
    ...(pointer === undefined ? {} : { pointer }),
  })
}
