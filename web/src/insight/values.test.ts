import { describe, expect, it } from "vitest"
import { buckets, dayOf, daysIn, lastMonth, monthText, periodBefore, periodText, presetPeriod } from "./periods"
import { changeOf, decimalOf, decimalText, durationText, listAddress, valueText } from "./values"

describe("figures", () => {
  it("are written by their unit", () => {
    expect(valueText("deliveries", 20_000_000, "vi")).toBe("20.000.000")
    expect(valueText("permille", 32, "vi")).toBe("3,2\u00a0%")
    expect(valueText("permille", 32, "en")).toBe("3.2%")
    expect(valueText("dong", 575_200_000_000, "vi")).toBe("575,2 tỷ đồng")
    expect(valueText("dong", -8_671_232_877, "en")).toBe("VND -8.7 billion")
    expect(valueText("seconds", 735, "vi")).toBe("12 phút 15 giây")
  })
  it("are durations of two units at most", () => {
    expect(durationText(0, "vi")).toBe("0 giây")
    expect(durationText(59, "en")).toBe("59 s")
    expect(durationText(60, "vi")).toBe("1 phút")
    expect(durationText(725, "en")).toBe("12 min 05 s")
    expect(durationText(7500, "vi")).toBe("2 giờ 05 phút")
    expect(durationText(172_799, "vi")).toBe("48 giờ")
    expect(durationText(172_800, "vi")).toBe("2 ngày")
    expect(durationText(273_600, "en")).toBe("3 d 4 h")
  })
  it("are compared with the period before, by a share only where there is one", () => {
    expect(changeOf({ value: 120, previous: 100, unit: "documents" })).toEqual({ way: "more", share: 200 })
    expect(changeOf({ value: 50, previous: 100, unit: "seconds" })).toEqual({ way: "less", share: 500 })
    expect(changeOf({ value: 0, previous: 0, unit: "documents" })).toEqual({ way: "same", share: undefined })
    expect(changeOf({ value: 32, previous: 30, unit: "permille" })).toEqual({ way: "more", share: undefined })
    expect(changeOf({ value: 1, unit: "documents" })).toBeUndefined()
  })
  it("open their list", () => {
    expect(listAddress("/api/v1/insight/deliveries?from=2026-10-01&late=now")).toBe("/figures/list?from=2026-10-01&late=now")
    expect(listAddress(undefined)).toBeUndefined()
  })
  it("are read as somebody of the language writes them, and never guessed", () => {
    expect(decimalOf("28.760,5", "vi")).toBe("28760.5")
    expect(decimalOf("28,760.5", "en")).toBe("28760.5")
    expect(decimalOf("15,43", "vi")).toBe("15.43")
    for (const wrong of ["", "-1", "1,2,3", "1e3", "mười", "1,1234567"]) expect(decimalOf(wrong, "vi")).toBeUndefined()
    expect(decimalText("105500000000", "vi")).toBe("105.500.000.000")
    expect(decimalOf(decimalText("7.715", "vi"), "vi")).toBe("7.715")
  })
})

describe("periods", () => {
  it("are days of Viet Nam", () => {
    expect(dayOf(new Date("2026-11-22T16:59:59Z"))).toBe("2026-11-22")
    expect(dayOf(new Date("2026-11-22T17:00:00Z"))).toBe("2026-11-23")
    expect(daysIn({ from: "2026-10-24", to: "2026-11-22" })).toBe(30)
    expect(periodBefore({ from: "2026-10-24", to: "2026-11-22" })).toEqual({ from: "2026-09-24", to: "2026-10-23" })
    expect(periodText({ from: "2026-10-24", to: "2026-11-22" }, "vi")).toBe("24/10/2026 – 22/11/2026")
    expect(periodText({ from: "2026-11-22", to: "2026-11-22" }, "en")).toBe("22 Nov 2026")
    expect(monthText("2026-10")).toBe("10/2026")
  })
  it("have names, also over the end of a year", () => {
    expect(presetPeriod("week", "2026-01-03")).toEqual({ from: "2025-12-28", to: "2026-01-03" })
    expect(presetPeriod("lastMonth", "2026-01-03")).toEqual({ from: "2025-12-01", to: "2025-12-31" })
    expect(presetPeriod("lastMonth", "2028-03-31")).toEqual({ from: "2028-02-01", to: "2028-02-29" })
    expect(presetPeriod("year", "2026-11-22")).toEqual({ from: "2026-01-01", to: "2026-11-22" })
    expect(lastMonth("2026-01-31")).toBe("2025-12")
  })
  it("are put together into 62 bars at most, without losing a day", () => {
    const month = buckets([{ day: "2026-11-22", value: 3, part: 1 }], { from: "2026-11-21", to: "2026-11-22" })
    expect(month.map(({ value, part }) => [value, part])).toEqual([[0, 0], [3, 1]])
    const year = { from: "2028-01-01", to: "2028-12-31" }
    const days = Array.from({ length: 366 }, (_, i) => ({ day: new Date(Date.UTC(2028, 0, 1 + i)).toISOString().slice(0, 10), value: 1, part: 0 }))
    const made = buckets(days, year)
    expect(made.length).toBe(61)
    expect(made.reduce((sum, one) => sum + one.value, 0)).toBe(366)
    expect(made.at(-1)?.to).toBe("2028-12-31")
  })
})
