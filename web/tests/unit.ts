// What only an administrator of an organisation may do, who signs in for it: posts that give documents, and who holds
// them. Over the API, as anybody could.
type Json = Record<string, unknown>

export class Unit {
  #headers: Record<string, string> = { "Content-Type": "application/json" }

  private constructor(readonly url: string) {}

  /** Signs in with a link code: a password is set, and a recovery code is the second factor. */
  static async enter(url: string, login: string, code: string): Promise<Unit> {
    const unit = new Unit(url)
    const password = "mật khẩu đủ dài của quản trị"
    const { enrolment } = await unit.#call("POST", "/enrolment", { code })
    unit.#headers["Truc-Enrolment"] = String(enrolment)
    await unit.#call("PUT", "/me/password", { password })
    const { codes } = await unit.#call("POST", "/me/recovery-codes")
    delete unit.#headers["Truc-Enrolment"]
    const { ceremony } = await unit.#call("POST", "/session/password", { login, password })
    const { csrf } = await unit.#call("POST", "/session/recovery-code", { ceremony, code: (codes as string[])[0] })
    unit.#headers["X-CSRF-Token"] = String(csrf)
    return unit
  }

  /** Somebody with a new post; gives their link code. */
  async appoint(organisation: string, who: Json, title: string, roles: readonly string[]): Promise<string> {
    const { post } = await this.#call("POST", `/organisations/${organisation}/posts`, { title, roles })
    const { person } = await this.#call("POST", "/people", who)
    await this.#call("POST", `/people/${String(person)}/appointments`, { post })
    const { code } = await this.#call("POST", `/people/${String(person)}/invitation`)
    return String(code)
  }

  /** An act that takes two; it waits for another administrator. */
  async propose(act: string, subject: string, reason: string) {
    await this.#call("POST", "/approvals", { act, subject, reason })
  }

  /** Hands something of the first post on to the colleague of that name, for a week from tomorrow on. */
  async delegate(name: string, permissions: string, reason: string) {
    const { posts } = await this.#call("GET", "/me")
    const { items } = await this.#call("GET", `/me/colleagues?q=${encodeURIComponent(name)}`)
    const day = (days: number) => new Date(Math.floor(Date.now() / 86_400_000 + days) * 86_400_000 - 7 * 3_600_000).toISOString()
    const [held, colleague] = [(posts as Json[])[0]?.post, (items as Json[])[0]?.person]
    await this.#call("POST", "/me/delegations", { post: held, to_person: colleague, permissions, from: day(2), to: day(9), reason })
  }

  async #call(method: string, path: string, body?: Json): Promise<Json> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { ...this.#headers, Origin: this.url },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    const cookie = answer.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ")
    if (cookie) this.#headers.Cookie = cookie
    return text === "" ? {} : (JSON.parse(text) as Json)
  }
}
