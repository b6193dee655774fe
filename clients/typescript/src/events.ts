// The stream of events (text/event-stream), read on from where it broke off.
import { ProblemError } from "./problem.js"
import type { Transport } from "./transport.js"

/** An event of the exchange, with the member names of CloudEvents 1.0. */
export interface TrucEvent {
  specversion: string
  id: string
  source: string
  type: string
  time: string
  subject: string
  data: Record<string, unknown>
}

export interface StreamedEvent {
  /** Where to read on after this event: keep it with what the event led to. */
  cursor: string
  event: TrucEvent
}

export interface EventOptions {
  /** Read on after this cursor. */
  cursor?: string
  /** Without a cursor: "now" (without it), "beginning", or a time (2026-11-22T02:30:00Z). */
  from?: string
  /** Only these types; all without it. */
  types?: string[]
  /** For which organisation, by its code; for all of the caller without it. */
  organisation?: string
  signal?: AbortSignal
  /** Seconds before connecting again, unless the server says otherwise; 2 without it. */
  retrySeconds?: number
}

interface Message {
  id: string | undefined
  data: string // empty: no event, but its id is where to read on
}

/** The messages of one connection; `retry` is told when the server says how long to wait. */
async function* messages(body: ReadableStream<Uint8Array>, retry: (ms: number) => void): AsyncGenerator<Message> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ""
  let data: string[] = []
  let id: string | undefined
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return // what is not ended by an empty line does not count
      text += decoder.decode(value, { stream: true })
      // A CR at the end may be half of a CR LF.
      const whole = text.endsWith("\r") ? text.slice(0, -1) : text
      const lines = whole.split(/\r\n|\n|\r/)
      text = (lines.pop() ?? "") + text.slice(whole.length)
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0 || id !== undefined) yield { id, data: data.join("\n") }
          data = []
          continue
        }
        const colon = line.indexOf(":")
        const field = colon < 0 ? line : line.slice(0, colon)
        const content = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "")
        if (field === "data") data.push(content)
        if (field === "id" && !content.includes("\0")) id = content
        if (field === "retry" && /^\d+$/.test(content)) retry(Number(content))
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/**
 * Every event once, in order, until the signal ends it. A connection that breaks is made again with Last-Event-ID.
 * Throws ProblemError when the server refuses (a cursor that is too old: exchange.cursor_expired).
 */
export async function* readEvents(transport: Transport, options: EventOptions = {}): AsyncGenerator<StreamedEvent> {
  const address = new URL(`${transport.url}/api/v1/events`)
  if (options.types) address.searchParams.set("types", options.types.join(","))
  if (options.organisation !== undefined) address.searchParams.set("organisation", options.organisation)
  const signal = options.signal ? { signal: options.signal } : {}
  let cursor = options.cursor
  if (cursor === undefined) {
    // A beginning that stays: a stream from "now" that breaks before its first event would lose what came meanwhile.
    const first = new URL(address)
    first.searchParams.set("from", options.from ?? "now")
    first.searchParams.set("limit", "1")
    const answer = await transport.send(new Request(first, { headers: { Accept: "application/json" }, ...signal }))
    const page = (await answer.json()) as { items: TrucEvent[]; cursor: string }
    cursor = page.cursor
    for (const event of page.items) yield { cursor, event }
  }
  let wait = (options.retrySeconds ?? 2) * 1000
  while (!options.signal?.aborted) {
    try {
      const headers = new Headers({ Accept: "text/event-stream", "Last-Event-ID": cursor })
      const answer = await transport.send(new Request(address, { headers, ...signal }))
      if (answer.body) {
        for await (const message of messages(answer.body, (ms) => (wait = ms))) {
          if (options.signal?.aborted) return // nothing more, though it has come already
          cursor = message.id ?? cursor
          if (message.data !== "") yield { cursor, event: JSON.parse(message.data) as TrucEvent }
        }
      }
    } catch (broken) {
      if (broken instanceof ProblemError || broken instanceof SyntaxError) throw broken
      if (options.signal?.aborted) return
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
