import { ProblemError, problemOf } from "@truc/client/problem"
import { afterEach, describe, expect, it, vi } from "vitest"
import { api, cursorOf, Disconnected, given, textOf } from "./client"
import { askEarly } from "./early"
import { type OwnSession, session } from "./session"

const own = (csrf: string, person = 7): OwnSession => ({
  session: 1,
  person,
  csrf,
  means: "passkey",
  created_at: "2026-11-20T01:00:00Z",
  seen_at: "2026-11-20T01:00:00Z",
  address: "",
  user_agent: "",
})
const json = (status: number, body: object) => {
  const answer = new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } })
  return Object.defineProperty(answer, "url", { value: "http://localhost/api/v1/me" })
}
const refused = (status: number, reason: string) => json(status, { status, reason, detail: "en", detail_vi: "vi", detail_en: "en" })

/** Answers in turn; keeps what was asked. */
function answers(...all: (Response | Error)[]) {
  const asked: Request[] = []
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request)
    const next = all.shift()
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error("asked too often"))
  })
  return asked
}

afterEach(() => {
  session.none()
})

describe("a call", () => {
  it("that changes something carries the token of the session, and the reader's language", async () => {
    session.opened(own("token-1"))
    const asked = answers(json(200, {}))
    await api.POST("/api/v1/session/passkey/options", { body: {} })
    expect(asked[0]?.headers.get("X-CSRF-Token")).toBe("token-1")
    expect(asked[0]?.headers.get("Accept-Language")).toBe("vi")
  })

  it("that is refused since the session is over waits, and is made again after signing in", async () => {
    session.opened(own("token-1"))
    const asked = answers(refused(401, "identity.not_signed_in"), json(200, { id: "person:7" }))
    const call = api.GET("/api/v1/me")
    await vi.waitFor(() => expect(session.now().status).toBe("ended"))
    expect(asked.length).toBe(1)
    session.opened(own("token-2"))
    expect((await call).data?.id).toBe("person:7")
    expect(session.now().status).toBe("open")
  })

  it("is not held up when somebody's password is wrong", async () => {
    session.opened(own("token-1"))
    answers(refused(401, "identity.sign_in_failed"))
    await expect(api.POST("/api/v1/session/password", { body: { login: "a", password: "b" } })).rejects.toBeInstanceOf(ProblemError)
    expect(session.now().status).toBe("open")
  })

  it("without an answer is told from one that was refused", async () => {
    answers(new TypeError("Failed to fetch"))
    await expect(api.GET("/api/v1/me")).rejects.toBeInstanceOf(Disconnected)
  })

  it("of a stranger is simply refused", async () => {
    answers(refused(401, "identity.nobody"))
    await expect(api.GET("/api/v1/session")).rejects.toMatchObject({ reason: "identity.nobody" })
    expect(session.now().status).toBe("none")
  })
})

describe("what was asked before the application was here", () => {
  const NOBODY = "identity.not_signed_in"

  it("is not asked again", async () => {
    const asked = answers(json(200, { csrf: "token-1" }), json(200, { id: "person:7" }))
    askEarly("vi")
    expect((await api.GET("/api/v1/session")).data?.csrf).toBe("token-1")
    expect((await api.GET("/api/v1/me")).data?.id).toBe("person:7")
    expect(asked.length).toBe(2)
  })

  it("asks for the lists that the reader may see as soon as that is known", async () => {
    const asked = answers(json(200, { csrf: "token-1" }), json(200, { grants: [{ permissions: ["documents.read"] }] }), json(200, { items: [] }))
    askEarly("vi", { "documents.read": "/api/v1/deliveries?limit=100", "traces.read": "/api/v1/late?limit=100" })
    await api.GET("/api/v1/session")
    await api.GET("/api/v1/me")
    expect(await given(api.GET("/api/v1/deliveries", { params: { query: { limit: 100 } } }))).toEqual({ items: [] })
    expect(asked.length).toBe(3)
  })

  it("says at once that nobody is signed in, and says it only while the page begins", async () => {
    vi.resetModules()
    const early = await import("./early")
    const fresh = await import("./client")
    const { session: begun } = await import("./session")
    const asked = answers(refused(401, NOBODY), refused(401, NOBODY), json(200, { id: "person:7" }))
    early.askEarly("vi")
    await expect(fresh.api.GET("/api/v1/session")).rejects.toMatchObject({ reason: NOBODY })
    expect(asked.length).toBe(2)
    begun.none()
    begun.opened(own("token-1"))
    expect((await fresh.api.GET("/api/v1/me")).data?.id).toBe("person:7")
    expect(asked.length).toBe(3)
  })
})

it("a refusal without an address is a problem too", async () => {
  const problem = await problemOf(new Response("busy", { status: 503, statusText: "Service Unavailable" }))
  expect(problem).toMatchObject({ status: 503, reason: "", message: "busy []" })
  expect(problem.problem.instance).toBeUndefined()
})

it("the server's sentence comes in the reader's language", () => {
  const error = new ProblemError({ type: "", title: "", status: 400, reason: "x", detail: "d", detail_vi: "tiếng Việt", detail_en: "English" })
  expect(textOf(error, "vi")).toBe("tiếng Việt")
  expect(textOf(error, "en")).toBe("English")
})

it("the next page begins where the server says", () => {
  expect(cursorOf("/api/v1/deliveries?limit=100&cursor=abc%3D")).toBe("abc=")
  expect(cursorOf(undefined)).toBeUndefined()
})
