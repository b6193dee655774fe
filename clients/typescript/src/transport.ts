// Requests with a token, made again where that is safe.
import { problemOf } from "./problem.js"

export interface Options {
  /** "https://truc.example.vn" */
  url: string
  /** How the system shows who it is: by client credentials (OAuth 2.0), or by an API key. */
  credential: { clientId: string; clientSecret: string } | { apiKey: string }
  /** Language of `title` and `detail` of errors; "vi" without it. */
  language?: "vi" | "en"
  /** Tries of one request, also the first; 5 without it. */
  attempts?: number
  fetch?: typeof globalThis.fetch
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

export class Transport {
  readonly url: string
  readonly #options: Options
  readonly #fetch: typeof globalThis.fetch
  #token: { text: string; until: number } | undefined
  #fetching: Promise<string> | undefined

  constructor(options: Options) {
    this.url = options.url.replace(/\/+$/, "")
    this.#options = options
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis)
  }

  /** What the header Authorization has; a token is fetched anew a minute before it ends. */
  async authorization(): Promise<string> {
    const { credential } = this.#options
    if ("apiKey" in credential) return `Bearer ${credential.apiKey}`
    if (!this.#token || Date.now() > this.#token.until - 60_000) {
      this.#fetching ??= this.#fetchToken(credential).finally(() => (this.#fetching = undefined))
      return `Bearer ${await this.#fetching}`
    }
    return `Bearer ${this.#token.text}`
  }

  async #fetchToken(client: { clientId: string; clientSecret: string }): Promise<string> {
    const both = `${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret)}`
    const answer = await this.#fetch(`${this.url}/oauth/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(both)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    })
    if (!answer.ok) throw await problemOf(answer)
    const token = (await answer.json()) as { access_token: string; expires_in: number }
    this.#token = { text: token.access_token, until: Date.now() + token.expires_in * 1000 }
    return token.access_token
  }

  /**
   * Sends it, with a token, and with an Idempotency-Key when it is a POST; again when no answer came and after 429 and
   * 503, and once with a new token after 401. Gives a success (and 304); throws ProblemError for the others.
   */
  async send(request: Request): Promise<Response> {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key"))
      request.headers.set("Idempotency-Key", crypto.randomUUID())
    if (this.#options.language) request.headers.set("Accept-Language", this.#options.language)
    const attempts = this.#options.attempts ?? 5
    let renewed = false
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= attempts
      const copy = last ? request : request.clone()
      copy.headers.set("Authorization", await this.authorization())
      let answer: Response
      try {
        answer = await this.#fetch(copy)
      } catch (broken) {
        if (last || request.signal.aborted) throw broken
        await pause(attempt)
        continue
      }
      if (answer.ok || answer.status === 304) return answer
      if (!last && (answer.status === 429 || answer.status === 503)) {
        await answer.body?.cancel()
        await pause(Number(answer.headers.get("Retry-After") ?? attempt))
      } else if (!last && answer.status === 401 && this.#token && !renewed) {
        await answer.body?.cancel()
        renewed = true
        this.#token = undefined
      } else {
        throw await problemOf(answer)
      }
    }
  }
}
