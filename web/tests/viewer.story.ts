import { readFileSync } from "node:fs"
import { letter } from "./papers"
import { expect, test } from "./world"

test.use({ storageState: ({ clerk }, use) => use(clerk) })

test("a paper of many pages shows its first one by pieces, and is read by keyboard", async ({ page, browser, made }) => {
  const file = await letter(browser, "910/UBND-VX", "tổng hợp số liệu", 500)
  const { id } = made.put("910", "UBND-VX", readFileSync(file))
  let pieces = 0
  page.on("response", (response) => {
    if (response.status() === 206) pieces++
  })
  await page.goto(`${made.url}/documents/${id}`)
  await page.getByRole("link", { name: "Xem văn bản.pdf" }).click()
  const first = page.getByRole("region", { name: "Trang 1", exact: true })
  await expect(first.locator("canvas[data-drawn]")).toBeVisible()
  await expect(first.getByText(/910\/UBND-VX/)).toBeAttached()
  await expect(page.getByRole("tabpanel", { name: "Chữ ký số" })).toBeVisible()
  expect(pieces).toBeGreaterThan(0)
  await page.getByLabel("Trang", { exact: true }).fill("120")
  await page.keyboard.press("Enter")
  await expect(page.getByText("120 trên 500")).toBeVisible()
  await expect(page.getByRole("region", { name: "Trang 120", exact: true }).getByText("Phụ lục 119")).toBeAttached()
  // Pages that are far are not on the page at all, and have their place nevertheless.
  expect(await page.locator(".sheet").count()).toBeLessThan(50)
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeGreaterThan(400_000)
  // The pages in small: only those near the window are drawn, and one is gone to by keyboard.
  await page.getByRole("button", { name: "Trang của tệp" }).press("Enter")
  const pages = page.getByRole("navigation", { name: "Trang của tệp" })
  await expect(pages.getByRole("button", { name: "Trang 120", exact: true })).toHaveAttribute("aria-current", "page")
  await pages.getByRole("button", { name: "Trang 121", exact: true }).press("Enter")
  await expect(page.getByText("121 trên 500")).toBeVisible()
})

test("beside a paper stand its signatures, what is recorded, and what has happened, by keyboard too", async ({ page, made }) => {
  await page.goto(`${made.url}/documents/${made.paper}/files/1`)
  await expect(page.locator("canvas[data-drawn]").first()).toBeVisible()
  await page.getByRole("tab", { name: "Chữ ký số" }).focus()
  await page.keyboard.press("ArrowRight")
  const details = page.getByRole("tabpanel", { name: "Thông tin" })
  await expect(details.getByText(made.paper)).toBeVisible()
  await page.keyboard.press("ArrowRight")
  const history = page.getByRole("tabpanel", { name: "Diễn biến" })
  await expect(history.getByText("Đã kiểm tra chữ ký số")).toBeVisible()
  const times = await history.locator("time").evaluateAll((all) => all.map((one) => Date.parse(one.getAttribute("datetime") ?? "")))
  expect(times).toEqual(times.toSorted((one, other) => one - other))
  expect(times.length).toBeGreaterThan(1)
  await history.getByRole("link", { name: "Văn bản đang ở đâu" }).click()
  await expect(page).toHaveURL(new RegExp(`/trace\\?find=${made.paper}`))
})

test("a PDF that is none is said to be broken", async ({ page, made }) => {
  await page.goto(`${made.url}/documents/${made.letter}/files/1`)
  await expect(page.getByRole("alert").filter({ hasText: "Không hiển thị được tệp này" })).toBeVisible()
  await expect(page.getByRole("link", { name: "Lưu về máy" })).toBeVisible()
})

for (const saves of [false, true])
  test(`what draws papers is ${saves ? "not fetched ahead for who saves data" : "fetched while the page of a document stands still"}`, async ({ page, made }) => {
    if (saves) await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }))
    const fetched: string[] = []
    page.on("requestfinished", (request) => {
      const [, name] = /assets\/(ViewerPage|pdf\.worker|pdf)\b.*\.js$/.exec(request.url()) ?? []
      if (name) fetched.push(name)
    })
    await page.goto(`${made.url}/documents/${made.paper}`)
    const link = page.getByRole("link", { name: /^Xem .*\.pdf$/ }).first()
    await expect(link).toBeVisible()
    if (!saves) await expect.poll(() => fetched.toSorted()).toEqual(["ViewerPage", "pdf", "pdf.worker"])
    else {
      await page.waitForTimeout(1000)
      expect(fetched).toEqual([])
    }
    await link.click()
    await expect(page.locator("canvas[data-drawn]").first()).toBeVisible()
    await expect.poll(() => fetched).toContain("pdf")
  })
