// Every screen, with what must be on it before it is looked at.
import { expect, type Page } from "@playwright/test"
import { createHash } from "node:crypto"
import { plain } from "./papers"
import type { Made } from "./place"

export interface Screen {
  name: string
  path: (made: Made) => string
  who?: "stranger" | "auditor" | "connector" // otherwise the clerk
  fails?: true // what it shows is an error
  ready: (page: Page, made: Made) => Promise<void>
}

const heading = (page: Page) => expect(page.locator("h1")).toBeVisible()
const sees = (text: string | RegExp) => async (page: Page) => {
  await heading(page)
  await expect(page.getByText(text).first()).toBeVisible()
}

// Files of strangers are counted: it is sent once for each page.
const verdict = (file: "signed" | "altered") => async (page: Page, made: Made) => {
  if ((await page.locator("#verdict").count()) === 0) {
    await page.locator("input[type=file]").setInputFiles(made.sealed[file])
    await page.getByRole("button", { name: /^(Gửi tệp để|Send the file to)/ }).click()
  }
  await expect(page.locator("#verdict")).toBeVisible()
}

// Its number is not known beforehand.
const entryOpen = async (page: Page) => {
  const entry = page.getByRole("dialog")
  if (!(await entry.isVisible())) await page.getByRole("rowheader").or(page.locator(".cards h2 a")).first().click()
  await expect(entry).toBeVisible()
}

const PDF = { name: "cong-van.pdf", mimeType: "application/pdf" }
const codeOf = (file: Buffer) => createHash("sha256").update(file).digest("base64url")
const told = (verdict: "valid" | "invalid" | "undetermined", file?: Buffer) => async (page: Page) => {
  if (file && (await page.locator(".verdict").count()) === 0) await page.locator("input[type=file]").setInputFiles({ ...PDF, buffer: file })
  await expect(page.locator(`.verdict.${verdict}`).first()).toBeVisible()
}

export const SCREENS: Screen[] = [
  { name: "sign-in", path: () => "/", who: "stranger", ready: heading },
  { name: "enrolment", path: () => "/enrolment", who: "stranger", ready: heading },
  { name: "home", path: () => "/", ready: sees("128/BTC-NSNN") },
  { name: "trace-empty", path: () => "/trace", ready: heading },
  { name: "trace-many", path: () => "/trace?find=05/UBND-VX", ready: sees("H41") },
  { name: "trace-unknown", path: () => "/trace?find=999/KHONG-CO", ready: (page) => expect(page.getByRole("textbox")).toHaveCount(2) },
  { name: "trace-missing", fails: true, path: () => "/trace?find=0123456789abcdef01234567", ready: (page) => expect(page.getByRole("alert").last()).toBeVisible() },
  { name: "inbox", path: () => "/inbox", ready: sees("77/BNV-CCHC") },
  { name: "inbox-empty", path: () => "/inbox?to=2000-01-01", ready: (page) => expect(page.locator(".state")).toBeVisible() },
  { name: "received", path: () => "/received", ready: sees("77/BNV-CCHC") },
  { name: "search", path: () => "/search?q=thu+tuc+hanh+chinh", ready: (page) => expect(page.locator("mark").first()).toBeVisible() },
  { name: "search-nothing", path: () => "/search?q=khongcogica", ready: (page) => expect(page.locator(".state")).toBeVisible() },
  { name: "late", path: () => "/late", ready: (page) => expect(page.locator("main [role=status], main .state:not(.bad)").first()).toBeVisible() },
  { name: "urgent", path: () => "/urgent", ready: sees("128/BTC-NSNN") },
  { name: "urgent-followed", path: () => "/urgent", who: "auditor", ready: (page) => expect(page.locator("#followed ~ .lane, #followed ~ .state").first()).toBeVisible() },
  { name: "journal", path: () => "/journal", who: "auditor", ready: (page) => expect(page.getByRole("grid").or(page.locator(".cards"))).toBeVisible() },
  { name: "journal-entry", path: ({ letter }) => `/journal?subject=${letter}&kind=accepted`, who: "auditor", ready: entryOpen },
  { name: "send", path: () => "/send", ready: sees("UBND tỉnh Quảng Ninh") },
  { name: "outbox", path: () => "/outbox", ready: sees("12/UBND-TH") },
  { name: "document", path: ({ urgent }) => `/documents/${urgent}`, ready: sees(/PDF|pdf/) },
  { name: "board", path: ({ letter }) => `/documents/${letter}?tab=board`, ready: (page) => expect(page.locator(".figure")).toBeVisible() },
  { name: "board-628", path: ({ many }) => `/documents/${many}?tab=board`, ready: (page) => expect(page.locator(".figure")).toBeVisible() },
  { name: "signatures", path: ({ letter }) => `/documents/${letter}?tab=signatures`, ready: heading },
  { name: "viewer", path: ({ paper }) => `/documents/${paper}/files/1`, ready: (page) => expect(page.locator("canvas[data-drawn]").first()).toBeVisible() },
  { name: "viewer-pages", path: ({ paper }) => `/documents/${paper}/files/1`, ready: async (page) => { if ((await page.locator("nav.contents").count()) === 0) await page.locator(".viewer .tools button[aria-expanded]").click(); await expect(page.locator(".small-pages li").nth(2)).toBeVisible() } },
  { name: "viewer-details", path: ({ paper }) => `/documents/${paper}/files/1`, ready: async (page) => { await page.getByRole("tab", { name: /^(Thông tin|Details)$/ }).click(); await expect(page.getByText("SHA-256")).toBeVisible() } },
  { name: "viewer-history", path: ({ paper }) => `/documents/${paper}/files/1`, ready: async (page) => { await page.getByRole("tab", { name: /^(Diễn biến|History)$/ }).click(); await expect(page.locator(".hops li").first()).toBeVisible() } },
  { name: "viewer-broken", fails: true, path: ({ letter }) => `/documents/${letter}/files/1`, ready: (page) => expect(page.getByRole("alert")).toBeVisible() },
  { name: "profile", path: () => "/profile", ready: (page) => expect(page.locator("#sessions")).toBeVisible() },
  { name: "delegation", path: () => "/profile", ready: async (page) => { if ((await page.getByRole("dialog").count()) === 0) await page.getByRole("button", { name: /chức vụ Văn thư|post Văn thư/ }).click(); await expect(page.getByRole("dialog").getByRole("combobox")).toBeVisible() } },
  { name: "systems", path: () => "/systems", who: "connector", ready: sees("00.22.W00") },
  { name: "system", path: () => "/systems/00.22.W00", who: "connector", ready: sees(/Lần gọi|first call/) },
  { name: "integrations", path: () => "/integrations", who: "connector", ready: sees("00.22.W00") },
  { name: "certificates", path: () => "/certificates", who: "connector", ready: sees(/Trình diễn|Demonstration/) },
  { name: "platform", path: () => "/platform", who: "connector", ready: (page) => expect(page.locator("#storage")).toBeVisible() },
  { name: "quotas", path: () => "/platform?tab=quotas", who: "connector", ready: (page) => expect(page.locator("#limits")).toBeVisible() },
  { name: "verify", path: () => "/verify", who: "stranger", ready: heading },
  { name: "verify-valid", path: () => "/verify", who: "stranger", ready: verdict("signed") },
  { name: "verify-invalid", path: () => "/verify", who: "stranger", ready: verdict("altered") },
  { name: "verify-known", path: () => "/verify", who: "stranger", ready: told("valid", plain(3)) },
  { name: "verify-unknown", path: () => "/verify", who: "stranger", ready: told("undetermined", plain(7)) },
  { name: "printed-known", path: () => `/verify/${codeOf(plain(3))}`, who: "stranger", ready: told("valid") },
  { name: "printed-recalled", path: ({ gone }) => `/verify/${codeOf(gone)}`, who: "stranger", ready: told("invalid") },
  { name: "printed-broken", path: () => "/verify/khong-phai-ma", who: "stranger", ready: (page) => expect(page.getByRole("alert")).toBeVisible() },
  { name: "log", path: () => "/log?entry=3", who: "stranger", ready: async (page) => { await expect(page.locator("#head")).toBeVisible(); await expect(page.locator("#entries ~ .table-frame, #entries ~ .cards").first()).toBeVisible(); await expect(page.locator("#lookup ~ .notice")).toBeVisible() } },
  { name: "printing", path: ({ paper }) => `/documents/${paper}/files/1`, ready: async (page) => { if ((await page.getByRole("dialog").count()) === 0) await page.getByRole("button", { name: /^(In kèm mã|Print with)/ }).click(); await expect(page.getByText(/tỷ lệ 100%|scale of 100%/)).toBeVisible() } },
  { name: "figures", path: () => "/figures", who: "auditor", ready: async (page) => { await expect(page.locator("#glance")).toBeVisible(); await expect(page.locator(".tiles a").first()).toBeVisible(); await expect(page.locator("#standings ~ * [role=grid], #standings ~ .cards").first()).toBeVisible() } },
  { name: "figures-map", path: () => "/figures?by=late&place=qni", who: "auditor", ready: async (page) => { await expect(page.locator("#place")).toBeVisible(); await expect(page.locator("#standings ~ * [role=grid], #standings ~ .cards").first()).toBeVisible() } },
  { name: "figures-flow", path: () => "/figures?tab=flow&hours=0", who: "auditor", ready: async (page) => { await expect(page.locator("#funnel")).toBeVisible(); await expect(page.locator("#stuck ~ * [role=grid], #stuck ~ .cards").first()).toBeVisible() } },
  { name: "figures-lateness", path: () => "/figures?tab=lateness", who: "auditor", ready: async (page) => { await expect(page.locator("#forecast")).toBeVisible(); await expect(page.locator("#steps ~ .figure, #steps ~ .state").first()).toBeVisible() } },
  { name: "figures-reports", path: () => "/figures?tab=reports", who: "auditor", ready: async (page) => { await expect(page.locator("#reports ~ .lines li")).toHaveCount(2); await expect(page.locator("#compare ~ .twin-frame tbody tr").first()).toBeVisible() } },
  { name: "figures-savings", path: () => "/figures?tab=savings", who: "auditor", ready: async (page) => { await expect(page.locator("#scenario ~ form")).toBeVisible(); await expect(page.locator("#published ~ .figure")).toBeVisible() } },
  { name: "assumption", path: () => "/figures?tab=savings", who: "connector", ready: async (page) => { if ((await page.getByRole("dialog").count()) === 0) await page.locator("#assumptions ~ .lines button").first().click(); await expect(page.getByRole("dialog")).toBeVisible() } },
  { name: "figures-list", path: () => "/figures/list?direction=received&progress=unarrived", who: "auditor", ready: (page) => expect(page.getByRole("grid").or(page.locator(".cards"))).toBeVisible() },
  { name: "open-figures", path: () => "/open-figures", who: "stranger", ready: async (page) => { await expect(page.locator("#open")).toBeVisible(); await expect(page.locator("#published ~ .figure")).toBeVisible() } },
  { name: "organisations", path: () => "/organisations", who: "connector", ready: sees("UBND tỉnh Quảng Ninh") },
  { name: "organisations-then", path: () => "/organisations?at=2025-03-01", ready: async (page) => { await sees("H41.12")(page); await expect(page.locator(".tree li").first()).toBeVisible() } },
  { name: "organisations-found", path: () => "/organisations?q=so+xay+dung&at=2025-02-28", ready: sees("H41.11") },
  { name: "organisation", path: () => "/organisations/H41.12", who: "connector", ready: async (page) => { await expect(page.locator("#serving ~ dl")).toBeVisible(); await sees("H41.10")(page) } },
  { name: "people", path: () => "/people", who: "connector", ready: sees(/Hoàng Thị Yến/) },
  { name: "people-unit", path: () => "/people?organisation=H49", who: "connector", ready: async (page) => { await sees("quan.tri")(page); await expect(page.locator("#posts")).toBeVisible() } },
  { name: "person", path: () => "/people/2?organisation=platform", who: "connector", ready: async (page) => { await expect(page.locator("#appointments")).toBeVisible(); await sees("Trần Văn Đức")(page) } },
  { name: "approvals", path: () => "/approvals", who: "connector", ready: sees("00.23.W00") },
  { name: "approvals-decided", path: () => "/approvals?tab=decided", who: "connector", ready: (page) => expect(page.locator(".state, article").first()).toBeVisible() },
  { name: "notifications", path: () => "/notifications", ready: sees("128/BTC-NSNN") },
  { name: "notifications-none", path: () => "/notifications?kind=malware&unread=yes", ready: (page) => expect(page.locator(".state")).toBeVisible() },
  { name: "notification-preferences", path: () => "/notifications?tab=preferences", ready: (page) => expect(page.getByRole("checkbox").first()).toBeVisible() },
  { name: "not-found", path: () => "/khong/co/trang/nay", ready: heading },
]

export const LANGUAGES = ["vi", "en"] as const
export const THEMES = ["light", "dark", "contrast"] as const

/** What a story of a screen notes for the line at the end: how many violations axe found in it. */
export const AXE_COUNT = "axe"

/** Opens it in that language and theme, as somebody who has chosen them before. */
export async function open(page: Page, made: Made, screen: Screen, language: string, theme: string) {
  await page.goto(`${made.url}/favicon.svg`)
  await page.evaluate(
    ([chosen, shown]) => {
      localStorage.setItem("truc.language", String(chosen))
      localStorage.setItem("truc.theme", String(shown))
    },
    [language, theme],
  )
  await page.goto(made.url + screen.path(made))
  await screen.ready(page, made)
  await page.waitForLoadState("networkidle")
  // Otherwise an error that looks tidy would count as a screen.
  if (!screen.fails) await expect(page.getByText(/^(Mã lỗi|Error code): /)).toHaveCount(0)
}
