import { expect, test } from "./world"

test.describe("insight", () => {
  test.use({ storageState: ({ auditor }, use) => use(auditor) })

  test("a figure opens the list that makes it, and the list the trace", async ({ page, made }) => {
    await page.goto(made.url)
    await page.getByRole("link", { name: "Số liệu", exact: true }).first().click()
    await expect(page.getByRole("heading", { level: 1, name: "Số liệu" })).toBeVisible()
    await expect(page.locator("#glance ~ .figure figcaption")).toContainText(/\d+ văn bản/)
    await page.getByRole("tab", { name: "Luồng văn bản" }).click()
    await expect(page).toHaveURL(/tab=flow/)
    const waiting = page.locator("#funnel ~ .figure .bars > div").filter({ hasText: "Chờ bên nhận lấy" })
    const count = Number((await waiting.locator(".amount").textContent())?.replaceAll(".", ""))
    expect(count).toBeGreaterThan(500)
    await waiting.getByRole("link").click()
    await expect(page).toHaveURL(/\/figures\/list\?.*stage=waiting/)
    await expect(page.getByRole("heading", { level: 1, name: "Danh sách tạo nên số liệu" })).toBeVisible()
    await page.getByRole("row").nth(1).click()
    await expect(page).toHaveURL(/\/trace\?find=/)
  })

  test("every drawing has its table", async ({ page, made }) => {
    await page.goto(`${made.url}/figures?tab=flow`)
    const table = page.locator("#volumes ~ .figure").first()
    await table.getByText("Xem dạng bảng").click()
    await expect(table.getByRole("row")).toHaveCount(31)
    await expect(table.getByRole("columnheader")).toHaveText(["Ngày", "Lượt chuyển", "Trong đó khẩn"])
  })

  test("what if: computed beside the official figure, which stays", async ({ page, made }) => {
    await page.goto(`${made.url}/figures?tab=savings`)
    const trial = page.locator("#scenario ~ form")
    const official = await page.locator("#ledger ~ .figure figcaption").textContent()
    await trial.getByLabel("Giá gửi thường").fill("một")
    await expect(trial.getByLabel("Giá gửi thường")).toHaveAttribute("aria-invalid", "true")
    await trial.getByLabel("Giá gửi thường").fill("57.520")
    await trial.getByRole("button", { name: "Tính thử" }).click()
    await expect(trial.getByRole("status")).toContainText("chính thức vẫn là")
    const post = trial.getByRole("row").filter({ hasText: "Bưu chính" }).getByRole("cell")
    const [before, after] = await post.allTextContents()
    expect(before).not.toBe(after)
    expect(await page.locator("#ledger ~ .figure figcaption").textContent()).toBe(official)
    await expect(page.locator("#published ~ .figure")).toContainText("575,2 tỷ đồng")
    await expect(page.locator("#published ~ .figure")).toContainText("20.000.000 lượt một năm")
  })
})

test("open figures need no sign-in, and open no lists", async ({ page, made }) => {
  await page.goto(made.url)
  await page.getByRole("link", { name: "Số liệu mở" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Số liệu mở" })).toBeVisible()
  await expect(page.locator("#open ~ .figure .amount").first()).toBeVisible()
  await expect(page.locator("#open ~ .figure .bars a")).toHaveCount(0)
})
