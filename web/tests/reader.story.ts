// Two of the ways that matter most, as somebody hears them who does not see. The transcripts beside this file are read
// by people; LISTEN=1 writes them anew.
import { existsSync, mkdirSync, writeFileSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { env } from "node:process"
import type { Page } from "@playwright/test"
import { Listener } from "./listening"
import { letter } from "./papers"
import { expect, test } from "./world"

test.use({ storageState: ({ clerk }, use) => use(clerk) })
test.describe.configure({ timeout: 180_000 })

type Language = "vi" | "en"
const HEARD = join(import.meta.dirname, "heard")

async function speak(page: Page, url: string, language: Language) {
  await page.goto(`${url}/favicon.svg`)
  await page.evaluate((chosen) => localStorage.setItem("truc.language", chosen), language)
}

const BRANCH = /^\s+.*(Cấp dưới của|Below) /
const OF_TREE = /^\s+.*(hộp kiểm|check box|Chưa kết nối: chờ|Not connected: waits|Cấp dưới của|Below )/
const SHOWN = 4

/** Of a tree of organisations the first ones: what stands further down other stories may have changed. */
function shortened(heard: string): string {
  let branches = 0
  return heard
    .split("\n")
    .filter((line) => {
      if (!OF_TREE.test(line)) branches = 0
      const keeps = branches < SHOWN || !OF_TREE.test(line)
      if (BRANCH.test(line)) branches++
      return keeps
    })
    .join("\n")
}

/** The same as the transcript that people have read. */
function asRead(name: string, heard: string) {
  const path = join(HEARD, `${name}.txt`)
  if (env.LISTEN) {
    mkdirSync(HEARD, { recursive: true })
    writeFileSync(path, heard)
  }
  expect(existsSync(path)).toBe(true)
  expect(heard).toBe(readFileSync(path, "utf-8"))
}

const WORDS = {
  vi: {
    place: /^Văn bản đang ở đâu/, field: /^Số ký hiệu hoặc mã văn bản/, found: "Văn bản 05/UBND-VX", ministry: /Bộ Tài chính/,
    send: /^Gửi$/, take: /^Điền vào ô trống/, find: /^Tìm cơ quan/, organisation: /Bộ Tài chính/, sent: "Văn bản 915/UBND-VX", number: "915/UBND-VX",
    says: { open: "mở trang", tab: "phím Tab", enter: "Enter", types: "gõ", reads: "đọc cả trang", space: "phím cách", file: "chọn tệp" },
  },
  en: {
    place: /^Where is my document/, field: /^Number and notation/, found: "Document 05/UBND-VX", ministry: /Bộ Tài chính/,
    send: /^Send$/, take: /^Fill in the empty fields/, find: /^Find organisations/, organisation: /Bộ Tài chính/, sent: "Document 916/UBND-VX", number: "916/UBND-VX",
    says: { open: "opens the page", tab: "Tab", enter: "Enter", types: "types", reads: "reads the whole page", space: "Space", file: "chooses a file" },
  },
} as const

for (const language of ["vi", "en"] as const) {
  const words = WORDS[language]
  const { says } = words

  test(`where is my document, as heard: ${language}`, async ({ page, made }) => {
    // One recipient is late with it, a minute after the State began; before that the page says something else.
    const late = async () => ((await (await page.request.get(`${made.url}/api/v1/late?limit=200`)).json()) as { items: { document: string }[] }).items
    await expect.poll(async () => (await late()).some(({ document }) => document === made.letter), { timeout: 90_000 }).toBe(true)
    const listener = await Listener.begin(page, language)
    await speak(page, made.url, language)
    listener.does(`${says.open}: /`)
    await page.goto(made.url)
    await expect(page.locator(".duties a").first()).toBeVisible()
    await page.waitForLoadState("networkidle")
    await listener.announced()
    listener.does(says.tab)
    await listener.tabTo(words.place)
    listener.does(says.enter)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).toHaveText(words.place)
    await expect(page.locator("h1")).toBeFocused()
    await listener.focus()
    await listener.announced()
    listener.does(says.tab)
    await listener.tabTo(words.field)
    listener.does(`${says.types} 05/UBND-VX, ${says.enter}`)
    await page.keyboard.type("05/UBND-VX")
    await page.keyboard.press("Enter")
    await expect(page.getByRole("heading", { name: words.found })).toBeVisible()
    await expect(page.locator("p.hidden[role=status]")).not.toHaveText("")
    await listener.announced()
    listener.does(says.tab)
    await listener.tabTo(words.ministry)
    listener.does(says.enter)
    await page.keyboard.press("Enter")
    await expect(page.locator("details", { hasText: "Bộ Tài chính" })).toHaveAttribute("open", "")
    await listener.announced()
    await listener.focus()
    await expect(page.locator("p.hidden[role=status]")).toHaveText("", { timeout: 10_000 })
    listener.does(says.reads)
    await listener.reads("main")
    asRead(`trace.${language}`, shortened(listener.heard()))
  })

  test(`sending by hand, as heard: ${language}`, async ({ page, browser, made }) => {
    const file = await letter(browser, words.number, "phối hợp rà soát thủ tục hành chính")
    const listener = await Listener.begin(page, language)
    await speak(page, made.url, language)
    listener.does(`${says.open}: /send`)
    await page.goto(`${made.url}/send`)
    await expect(page.getByText("UBND tỉnh Quảng Ninh").first()).toBeVisible()
    await page.waitForLoadState("networkidle")
    await listener.announced()
    listener.does(says.reads)
    await listener.reads("main")
    listener.does(`${language === "vi" ? "Gửi" : "Send"}, ${says.enter}`)
    await page.getByRole("button", { name: words.send }).focus()
    await page.keyboard.press("Enter")
    await page.waitForTimeout(300)
    await listener.announced()
    await listener.focus()
    listener.does(says.file)
    const chooser = page.waitForEvent("filechooser")
    await page.keyboard.press("Enter")
    await (await chooser).setFiles(file)
    const take = page.getByRole("button", { name: words.take })
    await expect(take).toBeVisible()
    await listener.announced()
    await listener.focus()
    listener.does(says.tab)
    await listener.tabTo(words.take)
    listener.does(says.enter)
    await page.keyboard.press("Enter")
    await page.waitForTimeout(300)
    await listener.announced()
    await listener.focus()
    listener.does(says.tab)
    await listener.tabTo(words.find)
    listener.does(`${says.types} bo tai chinh`)
    await page.keyboard.type("bo tai chinh")
    await expect(page.locator("label.checkbox", { hasText: "Bộ Tài chính" })).toBeVisible()
    await expect(page.locator("label.checkbox")).toHaveCount(1)
    await page.waitForTimeout(300)
    await listener.announced()
    listener.does(says.tab)
    await listener.tabTo(words.organisation)
    listener.does(says.space)
    await page.keyboard.press("Space")
    await page.waitForLoadState("networkidle")
    await listener.focus()
    await listener.announced()
    listener.does(says.tab)
    await listener.tabTo(words.send)
    listener.does(says.enter)
    await page.keyboard.press("Enter")
    await expect(page.getByRole("heading", { level: 1, name: words.sent })).toBeVisible({ timeout: 30_000 })
    await page.waitForLoadState("networkidle")
    await page.waitForTimeout(500)
    await listener.announced()
    await listener.focus()
    asRead(`send.${language}`, shortened(listener.heard()))
  })
}
