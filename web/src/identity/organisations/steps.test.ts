import { expect, it } from "vitest"
import { dayOf, endOf, pointAt, pointsOf, stepsOf } from "./steps"

const change = (at: string, began: number, ended: number) => ({ at, began, ended, organisations: [] })

it("days are those of Viet Nam, and the end of a day is still that day", () => {
  expect(dayOf("2026-06-30T17:00:00Z")).toBe("2026-07-01")
  expect(endOf("2026-07-01")).toBe("2026-07-01T16:59:59.999Z")
  expect(dayOf(endOf("2026-07-01"))).toBe("2026-07-01")
})

it("changes of one day are one step, the earliest first", () => {
  const steps = stepsOf([change("2026-06-30T17:00:00Z", 1, 0), change("2026-07-01T03:00:00Z", 0, 2), change("2025-01-01T00:00:00Z", 5, 0)])
  expect(steps.map(({ day, began, ended }) => [day, began, ended])).toEqual([
    ["2025-01-01", 5, 0],
    ["2026-07-01", 1, 2],
  ])
})

it("the slider stops before the first change, at each and today; between two it stands at the earlier one", () => {
  const points = pointsOf(stepsOf([change("2026-06-30T17:00:00Z", 1, 2), change("2027-01-01T00:00:00Z", 0, 1)]), "2026-11-22")
  expect(points).toEqual(["2026-06-30", "2026-07-01", "2026-11-22", "2027-01-01"])
  expect(pointAt(points, "2026-08-15")).toBe(1)
  expect(pointAt(points, "2020-01-01")).toBe(0)
  expect(pointsOf([], "2026-11-22")).toEqual(["2026-11-22"])
})
