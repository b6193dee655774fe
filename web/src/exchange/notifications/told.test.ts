import { describe, expect, it } from "vitest"
import type { Say } from "../../language/language"
import { byDay, hrefOf, linesOf, type Notification, sentenceOf } from "./told"

const NOW = new Date("2026-11-22T08:00:00Z") // 15:00 in Viet Nam
const say: Say = (key, values) => `${key} ${JSON.stringify(values ?? {})}`
const made = (more: Partial<Notification>): Notification => ({
  id: "e1-1",
  kind: "received",
  event: "received",
  at: "2026-11-22T02:30:00Z",
  read: false,
  escalates: false,
  document: { id: "0".repeat(24), code: "05/UBND-VX", urgency: 0, readable: true, subject: "Về việc phối hợp" },
  delivery: "054fc494-8680-8000-a000-0000da1e18ad",
  organisation: { code: "G12", name: "Bộ Tài chính" },
  ...more,
})

const alone = (first: Notification) => ({ first, ids: [first.id] })

describe("what a notification says", () => {
  it("names who, what and until when; the day only when it is another", () => {
    const today = sentenceOf(alone(made({ kind: "due_soon", event: "receipt_due", due: "2026-11-22T10:00:00Z" })), say, "vi", NOW)
    expect(today).toContain("notifications.told.receipt_due")
    expect(today).toContain('"who":"Bộ Tài chính"')
    expect(today).toContain('"due":"17:00"')
    expect(sentenceOf(alone(made({ kind: "late", event: "receipt_late", due: "2026-11-21T10:00:00Z" })), say, "vi", NOW)).toContain('"due":"17:00 21/11/2026"')
  })

  it("calls an organisation without a name by its code", () => {
    expect(sentenceOf(alone(made({ organisation: { code: "G12", name: "" } })), say, "vi", NOW)).toContain('"who":"G12"')
  })

  it("leads to the document for who may read it, to its trace otherwise, and nowhere when there is nothing", () => {
    expect(hrefOf(alone(made({})))).toBe(`/documents/${"0".repeat(24)}`)
    const { document, ...rest } = made({})
    expect(hrefOf({ first: made({}), ids: ["e1-1", "e2-1"] })).toBe(`/documents/${"0".repeat(24)}?tab=board`)
    expect(hrefOf(alone(made({ document: { id: document?.id ?? "", code: "05/UBND-VX", urgency: 0, readable: false } })))).toBe("/trace?find=054fc494-8680-8000-a000-0000da1e18ad")
    const { delivery: _, ...bare } = rest
    expect(hrefOf(alone({ ...bare, kind: "refused", event: "submission_refused" }))).toBeUndefined()
    expect(hrefOf(alone(made({ kind: "account", event: "appointed" })))).toBe("/profile")
  })

  it("is one line for what several recipients say alike of one document", () => {
    const said = (id: string, status: string, read = false) => made({ id, kind: "status", event: "status", status, read })
    const lines = linesOf([said("e9-0", "03"), said("e8-0", "03"), said("e7-0", "06"), said("e6-0", "03", true), made({ id: "e5-0" }), made({ id: "e4-0" })])
    expect(lines.map(({ ids }) => ids)).toEqual([["e9-0", "e8-0"], ["e7-0"], ["e6-0"], ["e5-0"], ["e4-0"]])
    expect(lines[0] && sentenceOf(lines[0], say, "vi", NOW)).toContain("notifications.andOthers")
  })

  it("goes by the days of Viet Nam", () => {
    const days = byDay([{ at: "2026-11-22T02:00:00Z" }, { at: "2026-11-21T17:30:00Z" }, { at: "2026-11-21T16:30:00Z" }])
    expect(days.map(({ items }) => items.length)).toEqual([2, 1])
  })
})
