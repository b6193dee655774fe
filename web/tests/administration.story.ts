import type { Locator, Page } from "@playwright/test"
import { typeDay } from "./typing"
import { expect, test } from "./world"

const press = async (where: Locator) => {
  await where.focus()
  await where.press("Enter")
}
const type = async (where: Locator, text: string) => {
  await where.focus()
  await where.press("Control+a")
  await where.pressSequentially(text)
}
// Long ways, each in one go.
test.setTimeout(120_000)
const dialog = (page: Page) => page.getByRole("dialog")

test.describe("whoever reads", () => {
  test.use({ storageState: ({ clerk }, use) => use(clerk) })

  test("sees the directory before and after a merger, and both sides of it", async ({ page, made }) => {
    await page.goto(made.url)
    await page.locator("nav.side").getByRole("link", { name: "Cơ quan, tổ chức" }).click()
    await expect(page.getByRole("button", { name: "Thêm cơ quan" })).toHaveCount(0)
    await press(page.getByRole("button", { name: /^UBND tỉnh chưa kết nối: / }))
    const tree = page.getByRole("region", { name: "Cây cơ quan" })
    await expect(tree.getByText("H41.12")).toBeVisible()
    await expect(tree.getByText("H41.10")).toHaveCount(0)

    const slider = page.getByRole("slider", { name: "Các ngày danh mục thay đổi" })
    await expect(slider).toHaveAttribute("aria-valuetext", /hôm nay/)
    await slider.focus()
    await slider.press("ArrowLeft")
    await expect(page.getByRole("heading", { name: "Danh mục ngày 01/03/2025" })).toBeVisible()
    await expect(slider).toHaveAttribute("aria-valuetext", "01/03/2025: 1 bắt đầu, 2 hết hiệu lực")
    await expect(page.getByText("Thay đổi trong ngày: 1 bắt đầu, 2 hết hiệu lực")).toBeVisible()
    await slider.press("ArrowLeft")
    await expect(page.getByRole("heading", { name: "Danh mục ngày 28/02/2025" })).toBeVisible()
    await expect(tree.getByText("H41.10")).toBeVisible()
    await expect(tree.getByText("Sáp nhập vào H41.12 từ 01/03/2025").first()).toBeVisible()
    await expect(tree.getByRole("link", { name: "Sở Xây dựng", exact: true })).toHaveCount(0)
    expect(page.url()).toContain("at=2025-02-28")

    await tree.getByRole("link", { name: "Sở Giao thông vận tải" }).click()
    const through = page.getByRole("region", { name: "Tên và kế thừa qua thời gian" })
    await expect(page.getByText("Đã hết hiệu lực")).toBeVisible()
    await through.getByRole("link", { name: "Sở Xây dựng" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Sở Xây dựng" })).toBeVisible()
    await expect(through.getByRole("link", { name: "Sở Giao thông vận tải" })).toBeVisible()
    await expect(through.getByText("sáp nhập vào đây từ 01/03/2025")).toHaveCount(2)
    await expect(page.getByRole("button", { name: "Sửa" })).toHaveCount(0)
  })
})

test.describe("an administrator", () => {
  // The other one signs in first: with two pages open, the passkey of the one behind is not asked for.
  test.use({ storageState: ({ connector, second: _ }, use) => use(connector) })

  test("by keyboard adds an organisation, makes a post, invites somebody, and appoints", async ({ page, made }) => {
    await page.goto(`${made.url}/organisations`)
    await press(page.getByRole("button", { name: "Thêm cơ quan" }))
    await type(dialog(page).getByLabel("Mã định danh"), "H41.09")
    await type(dialog(page).getByLabel("Tên", { exact: true }), "Sở Nội vụ")
    await type(dialog(page).getByLabel("Mã cơ quan cấp trên"), "chua ket noi")
    await press(dialog(page).getByRole("button", { name: /^UBND tỉnh chưa kết nối/ }))
    await expect(dialog(page).getByLabel("Mã cơ quan cấp trên")).toHaveValue("H41")
    await press(dialog(page).getByRole("button", { name: "Thêm" }))
    await expect(dialog(page).getByText("Đã có cơ quan mang mã H41.09")).toBeVisible()
    await type(dialog(page).getByLabel("Mã định danh"), "H41.15")
    await press(dialog(page).getByRole("button", { name: "Thêm" }))
    await expect(page.getByRole("heading", { level: 1, name: "Sở Nội vụ" })).toBeVisible()

    // What gives documents is the organisation's own administrator's to give: the server says so, where it was asked.
    await press(page.getByRole("button", { name: "Lập chức vụ" }))
    await type(dialog(page).getByLabel("Tên chức vụ"), "Quản trị đơn vị")
    await dialog(page).getByRole("checkbox", { name: /^văn thư/ }).press("Space")
    await press(dialog(page).getByRole("button", { name: "Lập chức vụ" }))
    await expect(dialog(page).getByRole("alert").filter({ hasText: "phải do quản trị đơn vị" })).toBeVisible()
    await dialog(page).getByRole("checkbox", { name: /^văn thư/ }).press("Space")
    await dialog(page).getByRole("checkbox", { name: /^quản trị đơn vị/ }).press("Space")
    await press(dialog(page).getByRole("button", { name: "Lập chức vụ" }))
    await expect(dialog(page)).toHaveCount(0)
    await expect(page.getByRole("region", { name: "Chức vụ" }).getByText("Quản trị đơn vị", { exact: true })).toBeVisible()

    await press(page.getByRole("button", { name: "Mời một người" }))
    await type(dialog(page).getByLabel("Họ và tên đệm"), "Cao Thị")
    await type(dialog(page).getByLabel("Tên", { exact: true }), "Liên")
    await type(dialog(page).getByLabel("Tên đăng nhập"), "van.thu")
    await press(dialog(page).getByRole("button", { name: "Thêm và lấy mã mời" }))
    await expect(dialog(page).getByText("đã có người dùng")).toBeVisible()
    await type(dialog(page).getByLabel("Tên đăng nhập"), "quan.tri@h41.15")
    await press(dialog(page).getByRole("button", { name: "Thêm và lấy mã mời" }))
    const link = String(await dialog(page).locator("code.secret").first().textContent())
    expect(link).toContain("/enrolment#code=")
    await press(dialog(page).getByRole("button", { name: "Tôi đã cất giữ" }))
    await expect(page.getByRole("heading", { level: 1, name: "Cao Thị Liên" })).toBeVisible()
    await expect(page.locator("code.secret")).toHaveCount(0)

    const held = page.getByRole("region", { name: "Chức vụ qua thời gian" })
    await expect(held.getByText("Đang giữ")).toHaveCount(1)
    await press(held.getByRole("button", { name: "Giao chức vụ" }))
    await typeDay(page, "Từ ngày", "01012030")
    await typeDay(page, "Đến hết ngày", "01012029")
    await press(dialog(page).getByRole("button", { name: "Giao chức vụ" }))
    await expect(dialog(page).getByRole("alert").filter({ hasText: "phải sau from" })).toBeVisible()
    await typeDay(page, "Đến hết ngày", "31122030")
    await press(dialog(page).getByRole("button", { name: "Giao chức vụ" }))
    await expect(held.getByText("Sắp giữ")).toBeVisible()
    await press(held.getByRole("button", { name: "Thôi giữ chức vụ Quản trị đơn vị" }).first())
    await press(dialog(page).getByRole("button", { name: "Thôi giữ" }))
    await expect(dialog(page)).toHaveCount(0)

    await press(page.getByRole("button", { name: "Khóa", exact: true }))
    await type(dialog(page).getByLabel("Lý do"), "Chuyển công tác")
    await press(dialog(page).getByRole("button", { name: "Khóa" }))
    await expect(page.getByText("Lý do khóa: Chuyển công tác")).toBeVisible()
    await press(page.getByRole("button", { name: "Mở khóa" }))
    await press(dialog(page).getByRole("button", { name: "Mở khóa" }))
    await expect(page.getByText("Được đăng nhập")).toBeVisible()

    // The link fills the code in for whoever opens it.
    await page.context().clearCookies()
    await page.goto(link)
    await expect(page.getByLabel("Mã liên kết")).toHaveValue(link.slice(link.indexOf("=") + 1))
  })

  test("and another one: neither overwrites the other, and what takes two is done by two", async ({ page, made, browser, second }) => {
    const context = await browser.newContext({ storageState: second, reducedMotion: "reduce" })
    const other = await context.newPage()

    await page.goto(`${made.url}/organisations/H41.20`)
    await page.getByRole("button", { name: "Sửa" }).click()
    await dialog(page).getByLabel("Tên", { exact: true }).fill("Trung tâm Lưu trữ cũ")

    await other.goto(`${made.url}/organisations/H41.20`)
    await other.getByRole("button", { name: "Sửa" }).click()
    await dialog(other).getByLabel("Tên", { exact: true }).fill("Trung tâm Lưu trữ (nhập nhầm)")
    await dialog(other).getByLabel("Thư điện tử").fill("luutru@vi.du")
    await dialog(other).getByRole("button", { name: "Lưu" }).click()
    await expect(other.getByRole("heading", { level: 1, name: "Trung tâm Lưu trữ (nhập nhầm)" })).toBeVisible()

    await dialog(page).getByRole("button", { name: "Lưu" }).click()
    await expect(dialog(page).getByRole("alert").first()).toContainText("Người khác vừa sửa cơ quan này")
    await expect(dialog(page).getByText("Tên: người ấy ghi “Trung tâm Lưu trữ (nhập nhầm)”, ông/bà ghi “Trung tâm Lưu trữ cũ”.")).toBeVisible()
    await expect(dialog(page).getByLabel("Tên", { exact: true })).toHaveValue("Trung tâm Lưu trữ cũ")
    await expect(dialog(page).getByLabel("Thư điện tử")).toHaveValue("luutru@vi.du")
    await dialog(page).getByRole("button", { name: "Lưu những gì tôi đã nhập" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Trung tâm Lưu trữ cũ" })).toBeVisible()
    await expect(page.getByText("luutru@vi.du")).toBeVisible()

    await page.getByRole("link", { name: "Đề nghị xóa" }).click()
    await dialog(page).getByLabel("Lý do").fill("Nhập nhầm vào danh mục")
    await dialog(page).getByRole("button", { name: "Gửi đề nghị" }).click()
    const own = page.getByRole("article", { name: "Xóa cơ quan: H41.20" })
    await expect(own).toContainText("Ông/bà đề nghị lúc")
    await expect(own).toContainText("ông/bà chỉ rút lại được")
    await expect(own.getByRole("button")).toHaveText(["Rút lại"])

    const entry = other.locator("nav.side").getByRole("link", { name: /^Phê duyệt/ })
    await other.reload()
    await expect(entry).toContainText("2")
    await entry.click()
    const asked = other.getByRole("article", { name: "Xóa cơ quan: H41.20" })
    await expect(asked).toContainText("Ngô Văn Lâm đề nghị lúc")
    await expect(asked).toContainText("Có trong danh mục: Trung tâm Lưu trữ cũ H41.20")
    await expect(asked).toContainText("không gửi tới H41.20 được nữa")
    await asked.getByRole("button", { name: "Phê duyệt: Xóa cơ quan: H41.20" }).click()
    await dialog(other).getByRole("button", { name: "Phê duyệt" }).click()
    await expect(asked).toHaveCount(0)
    await expect(other.getByRole("group", { name: "Đang chờ" })).toBeFocused()
    await expect(entry).toContainText("1")
    await other.getByRole("tab", { name: "Đã quyết định" }).click()
    await expect(other.getByRole("article", { name: "Xóa cơ quan: H41.20" })).toContainText("Đã phê duyệt")
    await context.close()

    await page.goto(`${made.url}/organisations/H41.20`)
    await expect(page.getByText("không có cơ quan nào mang mã H41.20")).toBeVisible()
  })
})
