import { describe, expect, it } from "vitest"
import { workingMinutes } from "./working"

const calendar = {
  year: 2026,
  hours: [
    { from: "07:30", to: "11:30" },
    { from: "13:30", to: "17:00" },
  ],
  days: [
    { day: "2026-11-24", kind: "holiday" as const, works: false, note: "" },
    { day: "2026-11-28", kind: "compensation" as const, works: true, note: "" },
  ],
}
const at = (text: string) => new Date(`${text}:00+07:00`)

describe("workingMinutes", () => {
  it("counts what is left of the day without the pause at noon", () => {
    expect(workingMinutes(calendar, at("2026-11-23T10:30"), at("2026-11-23T17:00"))).toBe(60 + 210)
  })
  it("counts nothing before the office opens", () => {
    expect(workingMinutes(calendar, at("2026-11-23T06:00"), at("2026-11-23T08:00"))).toBe(30)
  })
  it("leaves holidays and Sundays out, and takes Saturdays that make up for another day", () => {
    // Monday 23rd; Tuesday is a holiday; Saturday 28th works.
    expect(workingMinutes(calendar, at("2026-11-23T16:00"), at("2026-11-25T08:30"))).toBe(60 + 60)
    expect(workingMinutes(calendar, at("2026-11-27T16:00"), at("2026-11-30T08:30"))).toBe(60 + 450 + 60)
  })
  it("is nothing left for what is over", () => {
    expect(workingMinutes(calendar, at("2026-11-23T10:30"), at("2026-11-23T09:00"))).toBe(0)
  })
  it("says nothing of another year", () => {
    expect(workingMinutes(calendar, at("2026-12-31T10:30"), at("2027-01-04T09:00"))).toBeUndefined()
  })
})
