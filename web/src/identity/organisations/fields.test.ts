import { expect, it } from "vitest"
import { bodyOf, merged, typedOf } from "./fields"

const before = typedOf({ name: "Sở A", parent: "H49", effective_from: "2025-01-01T03:00:00Z" })

it("only what differs is sent, days as the start of the day in Viet Nam", () => {
  expect(bodyOf({ ...before, mail: "a@b.vn", effective_to: "2026-07-01" }, before)).toEqual({
    name: "Sở A",
    mail: "a@b.vn",
    effective_to: "2026-06-30T17:00:00.000Z",
  })
})

it("of two administrators neither loses what they typed", () => {
  const theirs = { ...before, mail: "moi@so.vn", name: "Sở B" }
  const { typed, clashes } = merged({ ...before, name: "Sở C" }, before, theirs)
  expect(typed.mail).toBe("moi@so.vn")
  expect(typed.name).toBe("Sở C")
  expect(clashes).toEqual(["name"])
  expect(merged({ ...before, name: "Sở B" }, before, theirs).clashes).toEqual([])
})
