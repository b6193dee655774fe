import { enrol, withPasskeys } from "./people"
import { expect, test } from "./world"
import { typeDay } from "./typing"

test("a session that ends loses nothing that was typed", async ({ page, context, made }) => {
  await withPasskeys(context, page)
  await enrol(page, made, "operator")
  await page.getByRole("link", { name: "Văn bản đang ở đâu" }).first().click()
  await page.getByLabel("Số ký hiệu hoặc mã văn bản").fill(made.letter)
  await context.clearCookies()
  await page.getByRole("button", { name: "Tìm" }).click()

  const dialog = page.getByRole("alertdialog", { name: "Phiên làm việc đã kết thúc" })
  await expect(dialog).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(dialog).toBeVisible()
  await dialog.getByRole("button", { name: "Dùng khóa truy cập" }).click()
  await expect(dialog).toBeHidden()
  // The call that was refused has been made again, and the field still has what was in it.
  await expect(page.getByRole("heading", { name: "Văn bản 05/UBND-VX" })).toBeVisible()
  await expect(page.getByLabel("Số ký hiệu hoặc mã văn bản")).toHaveValue(made.letter)

  // Who cannot search is asked for the sender of a notation.
  await page.getByLabel("Số ký hiệu hoặc mã văn bản").fill("128/BTC-NSNN")
  await page.getByRole("button", { name: "Tìm" }).click()
  await page.getByLabel("Mã cơ quan gửi").fill("G12")
  await page.getByRole("button", { name: "Tìm" }).click()
  await expect(page.getByRole("heading", { name: "Văn bản 128/BTC-NSNN" })).toBeVisible()

  // An operator sees where documents are and not what they say; what they may not do is not offered.
  await expect(page.getByText("Về việc chuẩn bị số liệu")).toHaveCount(0)
  await expect(page.getByRole("link", { name: "Hộp đến" })).toHaveCount(0)

  await page.getByRole("button", { name: "Của tôi" }).click()
  await page.getByRole("menuitem", { name: "Đăng xuất" }).click()
  await expect(page.getByRole("heading", { name: "Đăng nhập" })).toBeVisible()
})

test("a wrong password is said in both languages, and the language stays", async ({ page, made }) => {
  await page.goto(`${made.url}/inbox`)
  await page.getByText("Dùng mật khẩu").click()
  await page.getByLabel("Tên đăng nhập").fill("van.thu")
  await page.getByLabel("Mật khẩu", { exact: true }).fill("không phải mật khẩu này")
  await page.getByRole("button", { name: "Tiếp tục" }).click()
  await expect(page.getByRole("alert").filter({ hasText: "mật khẩu" })).toBeVisible()
  await page.getByRole("button", { name: "Ngôn ngữ" }).click()
  await page.getByRole("menuitemradio", { name: "English" }).click()
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible()
  await expect(page.getByLabel("Login")).toHaveValue("van.thu")
  await expect(page.getByRole("alert").filter({ hasText: "password" })).toBeVisible()
  await page.reload()
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible()
})

test.describe("with a session", () => {
  test.use({ storageState: ({ clerk }, use) => use(clerk) })

  test("says that the connection is lost, keeps the page, and goes on", async ({ page, context, made }) => {
    await page.goto(`${made.url}/outbox`)
    await expect(page.getByText("12/UBND-TH").first()).toBeVisible()
    await context.setOffline(true)
    await expect(page.getByRole("alert").filter({ hasText: "Mất kết nối" })).toBeVisible()
    await expect(page.getByText("12/UBND-TH").first()).toBeVisible()
    await page.getByRole("link", { name: "Hộp đến" }).first().click()
    await context.setOffline(false)
    await expect(page.getByText("Mất kết nối")).toHaveCount(0)
    if (await page.getByRole("button", { name: "Thử lại" }).isVisible()) await page.getByRole("button", { name: "Thử lại" }).click()
    await expect(page.getByText("77/BNV-CCHC").first()).toBeVisible()
  })

  test("filters are in the address", async ({ page, made }) => {
    await page.goto(`${made.url}/inbox`)
    await typeDay(page, "Đến ngày", "01012000")
    await expect(page.getByText("Không có văn bản nào hợp với bộ lọc đang đặt.")).toBeVisible()
    await expect(page).toHaveURL(/to=2000-01-01/)
    await page.getByRole("button", { name: "Xem tất cả" }).click()
    await expect(page.getByText("77/BNV-CCHC").first()).toBeVisible()
  })
})
