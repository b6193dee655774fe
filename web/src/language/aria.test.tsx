import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import ofAria from "react-aria/i18n/en-US"
import ofComponents from "react-aria-components/i18n/en-US"
import { describe, expect, it } from "vitest"
import vietnameseMessages from "../../messages/vi.json"
import { Select } from "../parts/Select"
import { tell, ToastPlace } from "../parts/tell"
import { ariaVietnamese } from "./aria.vi"
import { LanguageProvider } from "./language"

const english = { ...ofAria, ...ofComponents }

// Components of colours are not used; asking for one of these packages throws.
const LEFT_OUT = ["@react-aria/color", "@react-stately/color"]
const formatter = {
  plural: (count: number, options: Record<string, () => string>) => options.other?.() ?? String(count),
  number: String,
  select: (options: Record<string, string | (() => string)>, value: unknown) => options[String(value)] ?? "",
}
const values = new Proxy({}, { get: () => "X" })
const said = (text: unknown) => (typeof text === "function" ? String(text(values, formatter)) : String(text))

describe("what React Aria says", () => {
  const all = Object.entries(english).flatMap(([name, texts]) => Object.keys(texts).map((key) => [name, key] as const))

  it("is there in Vietnamese for every package that is used", () => {
    const missing = all.filter(([name, key]) => !LEFT_OUT.includes(name) && ariaVietnamese[name]?.[key] === undefined)
    expect(missing).toEqual([])
    expect(all.length).toBeGreaterThan(100)
  })

  it("is not the English text", () => {
    const same = all.filter(([name, key]) => {
      const ours = ariaVietnamese[name]?.[key]
      return ours !== undefined && said(ours) === said(english[name]?.[key])
    })
    expect(same).toEqual([])
  })

  it("is there in English for everything that is there in Vietnamese", () => {
    const missing = Object.entries(ariaVietnamese).flatMap(([name, texts]) =>
      Object.keys(texts).filter((key) => english[name]?.[key] === undefined).map((key) => `${name} ${key}`),
    )
    expect(missing).toEqual([])
  })

  it("reaches its components", async () => {
    render(
      <LanguageProvider first="vi" messages={vietnameseMessages as never}>
        <Select label="Cơ quan" choices={[{ value: "a", text: "A" }]} value={"" as "a"} onChange={() => {}} />
        <ToastPlace />
      </LanguageProvider>,
    )
    expect(screen.getByRole("button", { name: /Chọn một mục/ })).toBeTruthy()
    tell("Đã lưu")
    expect(await screen.findByRole("alertdialog")).toBeTruthy()
    expect(document.body.textContent).not.toMatch(/Select an item|notification|Close/)
    await userEvent.click(screen.getByRole("button", { name: "Đóng" }))
  })
})
