import type { Page } from "@playwright/test"
import { expect, test } from "./world"

test.use({ storageState: ({ clerk }, use) => use(clerk) })

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "")

/** Presses Tab until the focus is on it. */
async function tabTo(page: Page, text: string | RegExp) {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab")
    const now = await focused(page)
    if (typeof text === "string" ? now.includes(text) : text.test(now)) return
  }
  throw new Error(`the keyboard does not reach ${text}`)
}

test("where is my document, by keyboard alone", async ({ page, made }) => {
  await page.goto(made.url)
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
  await page.keyboard.press("Tab")
  expect(await focused(page)).toBe("Tới nội dung")
  await tabTo(page, "Văn bản đang ở đâu")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("heading", { level: 1, name: "Văn bản đang ở đâu" })).toBeFocused()
  await page.keyboard.press("Tab")
  await page.keyboard.type("05/UBND-VX")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("heading", { name: "Văn bản 05/UBND-VX" })).toBeVisible()
  await expect(page.locator(".say", { hasText: "Trong 3 nơi nhận" })).toBeVisible()

  await tabTo(page, /Bộ Tài chính/)
  await page.keyboard.press("Enter")
  const ministry = page.locator("details", { hasText: "Bộ Tài chính" })
  await expect(ministry).toHaveAttribute("open", "")
  await expect(ministry.getByText("Bên nhận xác nhận đã lưu")).toBeVisible()
  await expect(ministry.getByText("Đang xử lý").first()).toBeVisible()
  await expect(page.locator("details", { hasText: "chưa kết nối" }).getByText("Chờ nơi nhận lấy")).toBeVisible()
  expect(page.url()).toContain("find=")
})

test("says who has it now and who can act", async ({ page, made }) => {
  await page.goto(`${made.url}/trace?find=${made.urgent}`)
  const now = page.getByRole("region", { name: "Hiện nay" })
  await expect(now).toContainText("UBND tỉnh Quảng Ninh")
  await expect(now).toContainText("00.22.W00")
})

test("finds what came to the reader by its notation alone", async ({ page, made }) => {
  await page.goto(`${made.url}/trace`)
  await page.getByLabel("Số ký hiệu hoặc mã văn bản").fill("128/BTC-NSNN")
  await page.getByRole("button", { name: "Tìm" }).click()
  await expect(page.getByRole("heading", { name: "Văn bản 128/BTC-NSNN" })).toBeVisible()
})

test("a subject that is a script stays a text", async ({ page, made }) => {
  let asked = false
  page.on("dialog", () => (asked = true))
  await page.goto(`${made.url}/inbox`)
  await expect(page.getByText("<script>alert(1)</script>").first()).toBeVisible()
  expect(asked).toBe(false)
})

test("a board of 628 recipients has few rows on the page and says how many there are", async ({ page, made }) => {
  await page.goto(`${made.url}/documents/${made.many}?tab=board`)
  const grid = page.getByRole("grid")
  await expect(grid).toHaveAttribute("aria-rowcount", "629")
  expect(await grid.getByRole("row").count()).toBeLessThan(60)
  await expect(page.getByText("40/628").first()).toBeVisible()
  await grid.evaluate((one) => one.scrollTo(0, one.scrollHeight))
  await expect(grid.getByText("UBND xã số 628")).toBeVisible()

  const saved = page.waitForEvent("download")
  await page.getByRole("button", { name: "Lưu thành CSV" }).click()
  expect((await saved).suggestedFilename()).toBe("12-UBND-TH.csv")
})
