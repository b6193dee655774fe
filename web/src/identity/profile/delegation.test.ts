import { expect, test } from "vitest"
import { dayOf, inOrder, lastText, standingOf, timesOf, usual } from "./delegation"

const now = Date.parse("2026-11-22T03:00:00Z")

test("days as they are typed, and what is none", () => {
  expect(dayOf("25/11/2026")).toBe("2026-11-25")
  expect(dayOf(" 5.1.2027 ")).toBe("2027-01-05")
  for (const none of ["", "31/11/2026", "29/02/2027", "25/13/2026", "2026-11-25", "25/11/26", "mai"]) expect(dayOf(none), none).toBeUndefined()
})

test("the last day is meant whole, and today begins now", () => {
  expect(timesOf("2026-11-22", "2026-11-25", new Date(now))).toEqual({ to: "2026-11-25T17:00:00.000Z" })
  expect(timesOf("2026-11-23", "2026-11-23", new Date(now))).toEqual({ from: "2026-11-22T17:00:00.000Z", to: "2026-11-23T17:00:00.000Z" })
  expect(lastText("2026-11-25T17:00:00.000Z", "vi")).toBe("25/11/2026")
  expect(lastText("2026-11-25T10:30:00Z", "vi")).toBe("17:30 25/11/2026")
})

test("what holds or will stands before what is past", () => {
  const day = (from: number, to: number, ended_at?: string) => ({
    from: new Date(now + from * 86_400_000).toISOString(),
    to: new Date(now + to * 86_400_000).toISOString(),
    ...(ended_at ? { ended_at } : {}),
  })
  const all = [day(-9, -8), day(2, 3), day(-1, 4), day(-2, 4, "2026-11-21T00:00:00Z")]
  expect(inOrder(all, now).map((one) => standingOf(one, now))).toEqual(["running", "coming", "ended", "over"])
})

test("to send and to take back is not handed on unless it is meant", () => {
  expect(usual({ delegable: ["documents.send", "documents.read", "documents.recall", "deliveries.acknowledge"] })).toEqual(["documents.read", "deliveries.acknowledge"])
})
