import { expect, test } from "vitest"
import { byMonth, leftOf, monthText } from "./months"

test("months are those of Viet Nam", () => {
  expect(monthText("2029-02-28T16:59:59Z", "vi")).toBe("02/2029")
  expect(monthText("2029-02-28T17:00:00Z", "vi")).toBe("03/2029")
  expect(monthText("2029-02-28T17:00:00Z", "en")).toBe("March 2029")
})

test("what ends in a month stands together, what has no end at last", () => {
  const rows = [{ not_after: "2028-01-05T00:00:00Z" }, { not_after: "2028-01-31T00:00:00Z" }, { not_after: "2029-01-05T00:00:00Z" }, {}]
  expect(byMonth(rows).map(({ first, rows: { length } }) => [first?.slice(0, 7), length])).toEqual([
    ["2028-01", 2],
    ["2029-01", 1],
    [undefined, 1],
  ])
})

test("over, soon, good", () => {
  expect([-1, 0, 90, 91, undefined].map(leftOf)).toEqual(["over", "soon", "soon", "good", "unknown"])
})
