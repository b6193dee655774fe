import { describe, expect, it } from "vitest"
import { dateText, dayText, isSameDay, minutesText, momentText, officialDateText, startOfDay, timeText } from "./dates"

const MORNING = "2019-03-12T03:35:00Z"

describe("dates", () => {
  it("are day, month, year with leading zeros, the time first", () => {
    expect(dateText(MORNING, "vi")).toBe("12/03/2019")
    expect(momentText(MORNING, "vi")).toBe("10:35 12/03/2019")
    expect(momentText(MORNING, "en")).toBe("10:35, 12 Mar 2019")
    expect(dayText("2019-03-02", "vi")).toBe("02/03/2019")
  })
  it("are those of Viet Nam, whatever zone the machine is in", () => {
    expect(momentText("2019-12-31T17:30:00Z", "vi")).toBe("00:30 01/01/2020")
    expect(timeText("2019-06-30T16:59:59Z")).toBe("23:59")
    expect(isSameDay(new Date("2019-03-12T16:59:00Z"), new Date("2019-03-12T17:00:00Z"))).toBe(false)
    expect(startOfDay("2019-03-12")).toBe("2019-03-11T17:00:00.000Z")
    expect(startOfDay("2019-02-28", 1)).toBe("2019-02-28T17:00:00.000Z")
  })
  it("are written on official papers as Decree 30/2020 has them", () => {
    expect(officialDateText("2020-02-05", "vi")).toBe("ngày 05 tháng 02 năm 2020")
    expect(officialDateText("2019-03-12", "vi")).toBe("ngày 12 tháng 3 năm 2019")
    expect(officialDateText("2019-11-01", "vi")).toBe("ngày 01 tháng 11 năm 2019")
    expect(officialDateText("2020-02-05", "en")).toBe("5 February 2020")
  })
})

describe("minutesText", () => {
  it("says hours and minutes", () => {
    expect(minutesText(5, "vi")).toBe("5 phút")
    expect(minutesText(125, "vi")).toBe("2 giờ 05 phút")
    expect(minutesText(120, "en")).toBe("2 h")
    expect(minutesText(90_000, "vi")).toBe("1.500 giờ")
    expect(minutesText(-3, "vi")).toBe("0 phút")
  })
})
