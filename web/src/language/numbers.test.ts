import { describe, expect, it } from "vitest"
import { formatters } from "./formatters"
import { byGivenName, fullName } from "./names"
import { bytesText, moneyProse, moneyText, numberText } from "./numbers"

describe("numbers", () => {
  it("have the separators of their language", () => {
    expect(numberText(1305.5, "vi")).toBe("1.305,5")
    expect(numberText(1305.5, "en")).toBe("1,305.5")
    expect(numberText(1000, "vi")).toBe("1.000")
    expect(numberText(-7, "vi")).toBe("-7")
    expect(bytesText(48_213, "vi")).toBe("48,2 kB")
    expect(bytesText(999, "vi")).toBe("999 B")
    expect(bytesText(1_073_741_824, "en")).toBe("1.1 GB")
  })
  it("are the same in messages, made once or not at all", () => {
    for (const [value, vi, en] of [[0, "0", "0"], [999, "999", "999"], [1000, "1.000", "1,000"], [12.5, "12,5", "12.5"], [-4, "-4", "-4"]] as const) {
      expect(formatters.getNumberFormat("vi-VN").format(value)).toBe(vi)
      expect(formatters.getNumberFormat("en-GB").format(value)).toBe(en)
    }
    expect(formatters.getNumberFormat("vi-VN", { style: "percent" }).format(0.5)).toBe("50%")
    expect(formatters.getNumberFormat("en-GB", { minimumFractionDigits: 2 }).format(5)).toBe("5.00")
    expect(formatters.getPluralRules("en-GB", { type: "ordinal" }).select(2)).toBe("two")
    expect(formatters.getPluralRules("en-GB", { type: "cardinal" }).select(2)).toBe("other")
  })
  it("are money in full for tables and in words for prose, never in the ambiguous compact form", () => {
    expect(moneyText(154_300_000_000, "vi")).toBe("154.300.000.000\u00a0₫")
    expect(moneyProse(154_300_000_000, "vi")).toBe("154,3 tỷ đồng")
    expect(moneyProse(1_305_500_000_000, "vi")).toBe("1.305,5 tỷ đồng")
    expect(moneyProse(154_300_000_000, "en")).toBe("VND 154.3 billion")
    expect(moneyProse(25_000_000, "vi")).toBe("25 triệu đồng")
  })
})

describe("names", () => {
  it("are family, middle, given, and go by the given name in lists", () => {
    const people = [
      { family_name: "Nguyễn Văn", given_name: "Đức" },
      { family_name: "Trần Thị", given_name: "An" },
      { family_name: "Lê", given_name: "Dũng" },
      { family_name: "Bùi", given_name: "An" },
    ]
    expect(people.sort(byGivenName).map(fullName)).toEqual(["Bùi An", "Trần Thị An", "Lê Dũng", "Nguyễn Văn Đức"])
  })
})
