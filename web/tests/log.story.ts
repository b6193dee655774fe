// The transparency log in a browser that believes nobody.
import type { Page } from "@playwright/test"
import { expect, test } from "./world"

const check = (page: Page, text: string | RegExp) => page.getByRole("list", { name: "Trình duyệt này đã tự kiểm" }).getByRole("listitem").filter({ hasText: text })

test("its head is signed, whole, and goes on from what was seen", async ({ page, made }) => {
  await page.goto(made.url)
  await page.getByRole("link", { name: "Nhật ký minh bạch" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Nhật ký minh bạch" })).toBeVisible()
  await expect(check(page, "do đúng khóa của trục ký")).toContainText("Đúng")
  await expect(check(page, "cho đúng gốc cây đã ký")).toContainText("Đúng")
  await expect(check(page, "Lần đầu xem")).toContainText("Chưa kiểm")
  const size = async () => Number((await page.locator("#head").locator("xpath=../..").locator("dd").nth(1).textContent())?.replaceAll(".", ""))
  const before = await size()
  expect(before).toBeGreaterThan(600)

  made.put("950", "UBND-VX", Buffer.from("%PDF-1.7\nnhật ký\n"))
  await expect(async () => {
    await page.reload()
    await expect(check(page, "Nối tiếp đúng đầu nhật ký")).toContainText("Đúng")
    expect(await size()).toBeGreaterThan(before)
  }).toPass({ timeout: 20_000 })
})

test("an entry is looked up by number and by evidence, and proven", async ({ page, made }) => {
  await page.goto(`${made.url}/log`)
  const field = page.getByLabel("Số mục hoặc mã bằng chứng")
  await field.fill("300")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(/entry=300/)
  await expect(page.getByText("Mục 300 có trong nhật ký")).toBeVisible()
  await field.fill("99999999")
  await page.keyboard.press("Enter")
  await expect(page.getByText("Nhật ký chưa có mục này")).toBeVisible()
  await field.fill("0123456789abcdef0123456789abcdef")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("alert")).toContainText("không có bằng chứng mang mã này")
  // The latest entries, a tile at a time.
  await page.getByRole("button", { name: "Cũ hơn" }).click()
  await expect(page).toHaveURL(/page=\d+/)
  await page.getByRole("button", { name: "Mới hơn" }).click()
  await page.getByRole("row").nth(1).click()
  await expect(page.getByText(/^Mục [\d.]+ có trong nhật ký/)).toBeVisible()
})

test("a log that was altered is told, with what to keep and whom to call", async ({ page, made }) => {
  await page.goto(`${made.url}/log`)
  await expect(check(page, "do đúng khóa của trục ký")).toContainText("Đúng")
  await page.route(/\/log\/tile\/1\//, async (route) => {
    const answer = await route.fetch()
    const body = await answer.body()
    body[7] = (body[7] ?? 0) ^ 1
    await route.fulfill({ response: answer, body })
  })
  await page.reload()
  await expect(page.getByRole("alert")).toContainText("Nhật ký không còn đáng tin")
  await expect(page.getByRole("alert")).toContainText("báo cho đơn vị vận hành trục")
  const saved = page.waitForEvent("download")
  await page.getByRole("link", { name: "Lưu chứng cứ" }).click()
  expect((await saved).suggestedFilename()).toBe("nhat-ky-minh-bach.json")
  await page.unroute(/\/log\/tile\/1\//)

  // A head that somebody else signed.
  await page.route(/\/log\/checkpoint$/, async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) - 1}\n`) })
  })
  await page.reload()
  await expect(check(page, "không do khóa của trục ký")).toContainText("Sai")
})

test("from the document to its entry", async ({ page, made }) => {
  await page.goto(`${made.url}/verify`)
  await page.locator("input[type=file]").setInputFiles({ name: "a.pdf", mimeType: "application/pdf", buffer: made.gone })
  await page.getByRole("link", { name: /^đã ghi vào nhật ký minh bạch, mục/ }).click()
  await expect(page).toHaveURL(/\/log\?entry=\d+/)
  await expect(page.getByText(/^Mục [\d.]+ có trong nhật ký/)).toBeVisible()
})

test("an exchange without a log says so", async ({ page, made }) => {
  await page.route(/\/api\/v1\/log$/, (route) => route.fulfill({ json: { given: false, witnesses: [] } }))
  await page.goto(`${made.url}/log`)
  await expect(page.getByText("Trục này không có nhật ký minh bạch")).toBeVisible()
})
