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
  /** Address of the stream; "/api/v1/events" without it. Filters go into its query. */
  path?: string
  signal?: AbortSignal
  /** Seconds before connecting again, unless the server says otherwise; 2 without it. */
  retrySeconds?: number
}

interface Message {
  id: string | undefined
  data: string
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
          if (data.length > 0) yield { id, data: data.join("\n") }
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
  let cursor = options.cursor
  let wait = (options.retrySeconds ?? 2) * 1000
  while (!options.signal?.aborted) {
    try {
      const headers = new Headers({ Accept: "text/event-stream" })
      if (cursor !== undefined) headers.set("Last-Event-ID", cursor)
      const answer = await transport.send(
        new Request(transport.url + (options.path ?? "/api/v1/events"), {
          headers,
          ...(options.signal ? { signal: options.signal } : {}),
        }),
      )
      if (answer.body) {
        for await (const message of messages(answer.body, (ms) => (wait = ms))) {
          if (message.id !== undefined) cursor = message.id
          yield { cursor: cursor ?? "", event: JSON.parse(message.data) as TrucEvent }
        }
      }
    } catch (broken) {
      if (broken instanceof ProblemError || broken instanceof SyntaxError) throw broken
      if (options.signal?.aborted) return
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
