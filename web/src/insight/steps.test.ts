import { expect, test } from "vitest"
import { stepOf, unitsOf } from "./steps"

const DUE = "2026-11-22T10:00:00Z"
const BEFORE = "2026-11-22T09:00:00Z"
const AFTER = "2026-11-22T11:00:00Z"

test("the step that lost the time", () => {
  expect(stepOf({ due: DUE })).toBe("fetch")
  expect(stepOf({ due: DUE, arrived_at: AFTER })).toBe("fetch")
  expect(stepOf({ due: DUE, arrived_at: BEFORE })).toBe("answer")
  expect(stepOf({ due: DUE, arrived_at: DUE })).toBe("answer")
  expect(stepOf({ arrived_at: AFTER })).toBe("answer")
})

test("by unit, the most first, with what is still open", () => {
  const at = (code: string, more: object) => ({ recipient: { code, name: `Tên ${code}` }, due: DUE, ...more })
  const units = unitsOf([at("H41", {}), at("G12", { arrived_at: BEFORE, answered_at: AFTER }), at("G12", { arrived_at: AFTER, answered_at: AFTER }), at("G09", {})])
  expect(units.map(({ code, fetch, answer, now }) => [code, fetch, answer, now])).toEqual([
    ["G12", 1, 1, 0],
    ["G09", 1, 0, 1],
    ["H41", 1, 0, 1],
  ])
})
