import { describe, expect, it } from "vitest"
import { readDay } from "./days"

describe("readDay", () => {
  it.each(["20/11/2026", " 20-11-2026 ", "20.11.2026", "20112026", "2026-11-20", "2026/11/20", "20 / 11 / 2026"])("reads %s", (text) => {
    expect(readDay(text)).toBe("2026-11-20")
  })
  it("reads days and months of one figure, the day first", () => {
    expect(readDay("2/9/2026")).toBe("2026-09-02")
  })
  it.each(["", "hôm nay", "31/02/2026", "11/20/2026", "20/11/26", "20/11/0026", "2026-13-01"])("takes no day from %j", (text) => {
    expect(readDay(text)).toBeUndefined()
  })
})
