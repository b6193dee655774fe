import type { Page } from "@playwright/test"
import { broken, letter } from "./papers"
import { expect, test } from "./world"
import { dayField, seesDay, typeDay } from "./typing"

test.use({ storageState: ({ clerk }, use) => use(clerk) })

async function choose(page: Page, path: string) {
  const chooser = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: /Chọn tệp/ }).click()
  await (await chooser).setFiles(path)
}

async function to(page: Page, words: string, name: string) {
  await page.getByLabel("Tìm cơ quan", { exact: true }).fill(words)
  await page.locator("label.checkbox", { hasText: name }).first().click()
}

test("a paper is read, held against what is typed, and sent; nothing is lost by a reload or a broken network", async ({ page, browser, context, made }) => {
  const file = await letter(browser, "905/UBND-VX", "phối hợp rà soát thủ tục hành chính")
  await page.goto(`${made.url}/send`)
  await page.getByRole("button", { name: "Gửi", exact: true }).click()
  await expect(page.getByText("Hãy chọn tệp cần gửi.")).toBeVisible()

  await choose(page, file)
  await page.getByRole("button", { name: "Điền vào ô trống" }).click()
  await expect(page.getByLabel("Số", { exact: true })).toHaveValue("905")
  await expect(page.getByLabel("Ký hiệu", { exact: true })).toHaveValue("UBND-VX")
  await seesDay(page, "Ngày ban hành", "20/11/2026")
  await expect(page.getByLabel("Trích yếu", { exact: true })).toHaveValue("Về việc phối hợp rà soát thủ tục hành chính")
  await expect(page.getByText("Khớp với tệp").first()).toBeVisible()
  await page.getByLabel("Số", { exact: true }).fill("906")
  await expect(page.getByText("Khác với tệp: 905")).toBeVisible()
  await page.getByRole("button", { name: "Dùng giá trị trong tệp cho Số", exact: true }).click()
  await expect(page.getByLabel("Số", { exact: true })).toHaveValue("905")

  await to(page, "bo tai chinh", "Bộ Tài chính")
  await expect(page.getByText("Kết nối, gọi lần cuối")).toBeVisible()
  await page.locator("label.radio", { hasText: "Thượng khẩn" }).click()
  await expect(page.getByText("Luồng khẩn:")).toBeVisible()

  await page.reload()
  await expect(page.getByText(/Hãy chọn lại tệp/)).toBeVisible()
  await expect(page.getByLabel("Trích yếu", { exact: true })).toHaveValue("Về việc phối hợp rà soát thủ tục hành chính")
  await choose(page, file)
  await expect(page.getByText("Khớp với tệp").first()).toBeVisible()

  await context.setOffline(true)
  await page.getByRole("button", { name: "Gửi", exact: true }).click()
  await expect(page.getByText("Mất kết nối. Việc gửi tự tiếp tục")).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole("heading", { level: 1, name: "Văn bản 905/UBND-VX" })).toBeVisible()
  await expect(page.getByText("Thượng khẩn").first()).toBeVisible()
  await page.goto(`${made.url}/send`)
  await expect(page.getByLabel("Trích yếu", { exact: true })).toHaveValue("")
})

test("an upload goes on where it stopped, also after a reload, and a PDF that is broken is said to be", async ({ page, made }) => {
  const file = broken("hong.pdf", 2_000_000)
  const offsets: number[] = []
  let cut = true
  await page.route("**/api/v1/uploads/*", async (route) => {
    const request = route.request()
    if (request.method() !== "PATCH") return route.continue()
    offsets.push(Number(request.headers()["upload-offset"]))
    if (cut && offsets.length > 1) return route.abort()
    return route.continue()
  })
  await page.goto(`${made.url}/send`)
  await choose(page, file)
  await expect(page.getByText("Không mở được tệp PDF này")).toBeVisible()
  await page.getByLabel("Số", { exact: true }).fill("907")
  await page.getByLabel("Ký hiệu", { exact: true }).fill("UBND-TH")
  await typeDay(page, "Ngày ban hành", "20112026")
  await page.getByLabel("Trích yếu", { exact: true }).fill("Về việc thử tải lên")
  await to(page, "G09", "Bộ Nội vụ")
  await page.getByRole("button", { name: "Gửi", exact: true }).click()
  await expect(page.getByText("Mất kết nối. Việc gửi tự tiếp tục")).toBeVisible()

  await page.reload()
  await expect(page.getByText("việc tải lên sẽ tiếp tục từ chỗ dở")).toBeVisible()
  await choose(page, file)
  cut = false
  const again = offsets.length
  await page.getByRole("button", { name: "Gửi", exact: true }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Văn bản 907/UBND-TH" })).toBeVisible()
  expect(offsets[again]).toBeGreaterThan(0)
})

test("recipients are chosen below one that was found, and the server's word stands at its field", async ({ page, made }) => {
  await page.goto(`${made.url}/send`)
  await page.getByLabel("Tìm cơ quan", { exact: true }).fill("quang ninh")
  await page.getByRole("button", { name: "Cấp dưới của UBND tỉnh Quảng Ninh" }).click()
  await page.getByRole("button", { name: "Chọn tất cả cấp dưới trực tiếp" }).click()
  await expect(page.getByRole("heading", { name: "Gửi tới 629 nơi nhận" })).toBeVisible()
  await page.getByRole("button", { name: "Bỏ chọn tất cả" }).click()
  await to(page, "G12", "Bộ Tài chính")

  await choose(page, broken("nho.pdf", 100))
  await page.getByLabel("Số", { exact: true }).fill("908")
  await page.getByLabel("Ký hiệu", { exact: true }).fill("UBND-TH")
  await page.getByLabel("Trích yếu", { exact: true }).fill("Về việc thử")
  await page.getByRole("button", { name: "Gửi", exact: true }).click()
  const day = dayField(page, "Ngày ban hành").getByRole("spinbutton").first()
  await expect(day).toBeFocused()
  await expect(day).toHaveAttribute("aria-invalid", "true")
  await typeDay(page, "Ngày ban hành", "20112026")
  await page.route("**/api/v1/submissions", (route) =>
    route.fulfill({
      status: 400,
      contentType: "application/problem+json",
      body: JSON.stringify({ status: 400, title: "", type: "about:blank", reason: "edxml.bad_member", detail: "x", detail_vi: "ký hiệu này không dùng được", detail_en: "x", pointer: "/code_notation" }),
    }),
  )
  await page.getByRole("button", { name: "Gửi", exact: true }).click()
  await expect(page.getByLabel("Ký hiệu", { exact: true })).toHaveAttribute("aria-invalid", "true")
  await expect(page.getByText("ký hiệu này không dùng được")).toBeVisible()
  await expect(page.getByLabel("Trích yếu", { exact: true })).toHaveValue("Về việc thử")
  await page.getByRole("button", { name: "Xóa và làm lại" }).click()
  await expect(page.getByLabel("Trích yếu", { exact: true })).toHaveValue("")
})
