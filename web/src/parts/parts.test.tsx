import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { ProblemError } from "@truc/client/problem"
import type { ReactNode } from "react"
import { describe, expect, it, vi } from "vitest"
import english from "../../messages/en.json"
import vietnamese from "../../messages/vi.json"
import { Disconnected } from "../api/client"
import { type Language, LanguageProvider } from "../language/language"
import { Badge } from "./Badge"
import { TextField } from "./Field"
import { Figure } from "./Figure"
import { Failure, Loaded } from "./States"
import { Table } from "./Table"
import { begin, WorkTray } from "./Work"

function show(what: ReactNode, language: Language = "vi") {
  const messages = (language === "vi" ? vietnamese : english) as never
  return render(
    <LanguageProvider first={language} messages={messages}>
      {what}
    </LanguageProvider>,
  )
}

const problem = (status: number, reason: string) =>
  new ProblemError({ type: "about:blank", title: "", status, reason, detail: "en", detail_vi: "Bên gửi đã lấy lại.", detail_en: "It was taken back." })

describe("Failure", () => {
  it("says the server's sentence in the reader's language, with the reason for whoever helps", () => {
    show(<Failure error={problem(410, "exchange.recalled")} />)
    expect(screen.getByRole("alert").textContent).toContain("Bên gửi đã lấy lại.")
    expect(screen.getByRole("alert").textContent).toContain("exchange.recalled")
  })
  it("says it in English", () => {
    show(<Failure error={problem(410, "exchange.recalled")} />, "en")
    expect(screen.getByRole("alert").textContent).toContain("It was taken back.")
  })
  it("knows no connection from an error, and forbidden from broken", async () => {
    const again = vi.fn()
    const { unmount } = show(<Failure error={new Disconnected()} again={again} />)
    expect(screen.getByRole("alert").textContent).toContain("Không gọi được máy chủ")
    await userEvent.click(screen.getByRole("button", { name: "Thử lại" }))
    expect(again).toHaveBeenCalledOnce()
    unmount()
    show(<Failure error={problem(403, "rest.forbidden")} again={again} />)
    expect(screen.queryByRole("button")).toBeNull()
  })
})

describe("Loaded", () => {
  const query = { data: undefined, error: undefined, isPending: true, refetch: () => undefined }
  it("waits without a word first, and then says so", async () => {
    show(<Loaded query={query}>{() => "x"}</Loaded>)
    expect(screen.getByRole("status").textContent).toBe("")
    await waitFor(() => expect(screen.getByRole("status").textContent).toBe("Đang tải…"))
  })
  it("keeps what it has when asking again fails", () => {
    show(<Loaded query={{ ...query, data: "đã có", error: new Disconnected(), isPending: false }}>{(data) => data}</Loaded>)
    expect(document.body.textContent).toContain("đã có")
    expect(screen.queryByRole("alert")).toBeNull()
  })
})

describe("TextField", () => {
  it("ties hint and error to the field", () => {
    show(<TextField label="Mã" hint="Ví dụ H41" wrong="Hãy điền mục này." value="" onChange={() => undefined} />)
    const field = screen.getByRole("textbox", { name: "Mã" })
    expect(field.getAttribute("aria-invalid")).toBe("true")
    const described = (field.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent)
    expect(described.join()).toContain("Ví dụ H41")
    expect(described.join()).toContain("Hãy điền mục này.")
  })
})

describe("Badge", () => {
  it("has a word; its icon is silent", () => {
    show(
      <Badge tone="bad" icon="late">
        Trễ 5 phút
      </Badge>,
    )
    expect(screen.getByText("Trễ 5 phút").querySelector("svg")?.getAttribute("aria-hidden")).toBe("true")
  })
})

describe("Figure", () => {
  it("says its sentence and has every figure in a table", () => {
    const amounts = [{ id: "a", title: "Đã đến", value: 40, text: "40/628" }]
    show(<Figure title="Bảng" sentence="40 trong 628 nơi đã nhận." amounts={amounts} of={628} />)
    expect(screen.getByRole("figure").textContent).toContain("40 trong 628 nơi đã nhận.")
    const table = within(document.querySelector("table") as HTMLElement)
    expect(table.getByRole("cell", { name: "40/628", hidden: true })).toBeTruthy()
  })
})

describe("Table", () => {
  const columns = [
    { id: "code", title: "Số, ký hiệu", names: true, cell: (row: { code: string }) => row.code },
    { id: "more", title: "Trích yếu", cell: () => "Về việc" },
  ]
  it("becomes a list of cards with the same content where the window is narrow", () => {
    vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }))
    show(<Table label="Hộp đến" columns={columns} rows={[{ code: "05/UBND" }]} rowId={(row) => row.code} rowHref={() => "/x"} />)
    expect(screen.queryByRole("grid")).toBeNull()
    const list = screen.getByRole("list", { name: "Hộp đến" })
    expect(within(list).getByRole("link", { name: "05/UBND" }).getAttribute("href")).toBe("/x")
    expect(list.textContent).toContain("Trích yếu")
    vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }))
  })
  it("of many rows makes those that are seen, and goes through all of them by keys", async () => {
    const rows = Array.from({ length: 1000 }, (_, place) => ({ code: `${place + 1}/UBND` }))
    show(<Table label="Hộp đến" columns={columns} rows={rows} rowId={(row) => row.code} rowHref={() => "/x"} />)
    const grid = screen.getByRole("grid", { name: "Hộp đến" })
    expect(grid.getAttribute("aria-rowcount")).toBe("1001")
    expect(within(grid).getAllByRole("row").length).toBeLessThan(50)
    const focused = () => [document.activeElement?.getAttribute("role"), document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex")]
    await userEvent.tab()
    expect(focused()).toEqual(["row", "2"])
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}")
    expect(focused()).toEqual(["row", "3"])
    await userEvent.keyboard("{End}")
    expect(focused()).toEqual(["row", "1001"])
    expect(document.activeElement?.textContent).toContain("1000/UBND")
    await userEvent.keyboard("{ArrowRight}")
    expect(document.activeElement?.getAttribute("href")).toBe("/x")
    await userEvent.keyboard("{ArrowRight}{ArrowUp}")
    expect(focused()).toEqual(["gridcell", "1000"])
    await userEvent.keyboard("{Home}{ArrowLeft}{PageUp}")
    expect(focused()).toEqual(["row", "984"])
    // One row is in the order of the tabulator, and is there wherever the list stands.
    expect(within(grid).getAllByRole("row").filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1)
  })
})

describe("long work", () => {
  it("shows how far it is, can be stopped, and is gone afterwards", async () => {
    show(<WorkTray />)
    let go = (_done: number) => {}
    const work = begin({
      title: "Đang lưu",
      run: (step, signal) =>
        new Promise((_, reject) => {
          go = step
          signal.addEventListener("abort", () => reject(new Error("stopped")))
        }),
    })
    const bar = await screen.findByRole("progressbar", { name: "Đang lưu" })
    go(0.5)
    await waitFor(() => expect(bar.getAttribute("aria-valuenow")).toBe("50"))
    await userEvent.click(screen.getByRole("button", { name: "Dừng" }))
    await expect(work).resolves.toBeUndefined()
    await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull())
  })
})
