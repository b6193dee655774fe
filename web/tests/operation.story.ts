import { expect, test } from "./world"

test.describe("an operator", () => {
  test.use({ storageState: ({ connector }, use) => use(connector) })

  test("sees how systems are doing, which certificates end when, and how the platform is", async ({ page, made }) => {
    await page.goto(made.url)
    await page.getByRole("link", { name: "Tình trạng kết nối" }).first().click()
    await expect(page.getByText("00.22.W00").first()).toBeVisible()
    await page.getByLabel("Mã hệ thống hoặc tên cơ quan").fill("khong-co")
    await expect(page.getByText("Không có hệ thống nào khớp bộ lọc.")).toBeVisible()
    await page.getByRole("link", { name: "Lịch hết hạn chứng thư" }).first().click()
    await expect(page.getByText("Trình diễn", { exact: true }).first()).toBeVisible()
    await expect(page.getByRole("heading", { name: /Hết hạn tháng \d\d\/\d{4}/ }).first()).toBeVisible()
    await page.getByRole("link", { name: "Nền tảng" }).first().click()
    await expect(page.getByText("Chưa có bản nào")).toBeVisible()
    await expect(page.getByText(/Đĩa còn .* trên/)).toBeVisible()
    await page.getByRole("tab", { name: "Hạn mức" }).click()
    await expect(page.getByText(/Người số \d+/).first()).toBeVisible()
    await expect(page.getByRole("link", { name: "Nhật ký", exact: true })).toHaveCount(0)
  })
})
