import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { describe, expect, it } from "vitest"
import english from "../../messages/en.json"
import vietnamese from "../../messages/vi.json"
import { loadAriaEnglish } from "../language/aria"
import { type Language, LanguageProvider } from "../language/language"
import { DateField } from "./DateField"

function Day({ first, said, wrong }: { first: string; said: string[]; wrong?: string }) {
  const [day, setDay] = useState(first)
  const change = (value: string) => {
    said.push(value)
    setDay(value)
  }
  return <DateField label="Từ ngày" value={day} onChange={change} wrong={wrong} />
}

/** The field once it is there, what it shows, and what it has said. */
async function show(first = "", { language = "vi", wrong }: { language?: Language; wrong?: string } = {}) {
  document.documentElement.lang = language
  if (language === "en") await loadAriaEnglish()
  const said: string[] = []
  render(
    <LanguageProvider first={language} messages={(language === "vi" ? vietnamese : english) as never}>
      <Day first={first} said={said} {...(wrong ? { wrong } : {})} />
    </LanguageProvider>,
  )
  const group = await screen.findByRole("group", { name: /Từ ngày/ })
  const parts = () => screen.getAllByRole("spinbutton")
  const shown = () => (group.textContent ?? "").replace(/[\u2066-\u2069\u200e\u200f]/g, "")
  return { said, group, parts, shown }
}

describe("DateField", () => {
  it.each(["vi", "en"] as const)("has the day first, then the month, then the year: %s", async (language) => {
    const { shown, parts } = await show("2026-11-02", { language })
    expect(shown()).toContain("02/11/2026")
    expect(parts().map((part) => part.getAttribute("aria-valuenow"))).toEqual(["2", "11", "2026"])
  })

  it("names its parts in Vietnamese", async () => {
    const { parts } = await show()
    expect(parts().map((part) => part.getAttribute("aria-label")?.split(",")[0])).toEqual(["Ngày", "Tháng", "Năm"])
    expect(document.body.textContent).not.toMatch(/\b(day|month|year|Calendar)\b/)
  })

  it("says a day that is typed once, when its year is whole", async () => {
    const { said, parts } = await show()
    await userEvent.click(parts()[0] as HTMLElement)
    await userEvent.keyboard("20112026")
    expect(said).toEqual(["2026-11-20"])
  })

  it("takes a year of two figures for one of this century", async () => {
    const { said, parts } = await show()
    await userEvent.click(parts()[0] as HTMLElement)
    await userEvent.keyboard("201126")
    expect(said).toEqual([])
    await userEvent.tab()
    await userEvent.tab()
    await waitFor(() => expect(said).toEqual(["2026-11-20"]))
  })

  it.each(["20/11/2026", "2026-11-20"])("takes %s that is pasted, whatever stood there", async (text) => {
    const { said, parts, shown } = await show("2025-01-31")
    await userEvent.click(parts()[1] as HTMLElement)
    await userEvent.paste(text)
    expect(said).toEqual(["2026-11-20"])
    expect(shown()).toContain("20/11/2026")
  })

  it("leaves the day as it is when something else is pasted", async () => {
    const { said, parts, shown } = await show("2025-01-31")
    await userEvent.click(parts()[0] as HTMLElement)
    await userEvent.paste("31/02/2026")
    expect(said).toEqual([])
    expect(shown()).toContain("31/01/2025")
  })

  it("is empty again when every part is deleted", async () => {
    const { said, parts } = await show("2026-11-20")
    await userEvent.click(parts()[2] as HTMLElement)
    await userEvent.keyboard("{Backspace}".repeat(12))
    expect(said.at(-1)).toBe("")
  })

  it("ties what is wrong to its parts", async () => {
    const { parts } = await show("", { wrong: "Hãy điền mục này." })
    expect(parts()[0]?.getAttribute("aria-invalid")).toBe("true")
    const described = (parts()[0]?.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent)
    expect(described.join()).toContain("Hãy điền mục này.")
  })
})
