// The client: every call of the API by its types, and the usual ways in one line each.
import createClient, { type Client } from "openapi-fetch"
import { type EventOptions, readEvents, type StreamedEvent } from "./events.js"
import type { Item, ListPath, Page, Query } from "./lists.js"
import type { components, paths } from "./schema.js"
import { type Options, Transport } from "./transport.js"
import { uploadByTus, type UploadOptions } from "./uploads.js"

type Schemas = components["schemas"]
export type Accepted = Schemas["Accepted"]
export type Delivery = Schemas["Delivery"]
export type Document = Schemas["Document"]

/** What a call gave; calls that fail have thrown already. */
async function given<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call
  if (data === undefined) throw new Error("the answer has no content")
  return data
}

export class Truc {
  readonly transport: Transport
  /** Every call, typed by the server's description: `api.GET("/api/v1/me")`. Throws ProblemError. */
  readonly api: Client<paths>

  constructor(options: Options) {
    this.transport = new Transport(options)
    this.api = createClient<paths>({
      baseUrl: this.transport.url,
      fetch: (request) => this.transport.send(request),
    })
  }

  /** Hands a document in; it is on disk when this returns. With the same key it is never two documents. */
  async submit(edxml: Uint8Array | Blob, key: string = crypto.randomUUID()): Promise<Accepted> {
    const answer = await this.transport.send(
      new Request(`${this.transport.url}/api/v1/submissions`, {
        method: "POST",
        headers: { "Content-Type": "application/edxml+xml", "Idempotency-Key": key },
        body: edxml instanceof Blob ? edxml : new Blob([edxml as Uint8Array<ArrayBuffer>]),
      }),
    )
    return (await answer.json()) as Accepted
  }

  /** Every item of a list, page after page. */
  async *list<P extends ListPath>(path: P, query?: Query<P>, inPath: Record<string, string> = {}): AsyncGenerator<Item<P>> {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath[name] ?? ""))
    const first = new URL(this.transport.url + filled)
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined) first.searchParams.set(name, String(value))
    for (let next: URL | undefined = first; next; ) {
      const answer = await this.transport.send(new Request(next))
      const page = (await answer.json()) as Page<Item<P>>
      yield* page.items
      next = page.next === undefined ? undefined : new URL(page.next, this.transport.url)
    }
  }

  /** What waits: urgent first, then the oldest. An item stays until it is acknowledged. */
  inbox(query?: Query<"/api/v1/deliveries">): AsyncGenerator<Delivery> {
    return this.list("/api/v1/deliveries", query)
  }

  /** The edXML file, byte for byte. A recipient's first fetch is recorded. */
  async content(document: string): Promise<Response> {
    const path = `/api/v1/documents/${encodeURIComponent(document)}/content`
    return this.transport.send(new Request(this.transport.url + path))
  }

  /** Once the file is stored. The first word stays. */
  acknowledge(delivery: string, result: Schemas["Acknowledgement"]["result"] = "done", reason?: string): Promise<Delivery> {
    return given(
      this.api.POST("/api/v1/deliveries/{id}/acknowledgement", {
        params: { path: { id: delivery } },
        body: { result, ...(reason === undefined ? {} : { reason }) },
      }),
    )
  }

  /** What is done with it: 01 to 06, 15, 16. */
  report(delivery: string, report: Schemas["Report"]): Promise<Delivery> {
    return given(
      this.api.POST("/api/v1/deliveries/{id}/status", { params: { path: { id: delivery } }, body: report }),
    )
  }

  /** Where a document is: for its sender every delivery, for a recipient its own. */
  async deliveries(document: string): Promise<Delivery[]> {
    const path = { id: document }
    return (await given(this.api.GET("/api/v1/documents/{id}/deliveries", { params: { path } }))).items
  }

  /** Every event once, in order, over broken connections; see readEvents(). */
  events(options?: EventOptions): AsyncGenerator<StreamedEvent> {
    return readEvents(this.transport, options)
  }

  /** A large file in pieces, by tus; needs the package tus-js-client. Gives the address of the upload. */
  upload(file: Blob | Uint8Array, options?: UploadOptions): Promise<string> {
    return uploadByTus(this.transport, file, options)
  }
}
