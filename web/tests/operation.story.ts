import { expect, test } from "./world"

test.describe("an operator", () => {
  test.use({ storageState: ({ connector }, use) => use(connector) })

  test("sees how systems are doing, which certificates end when, and how the platform is", async ({ page, made }) => {
    await page.goto(made.url)
    await page.getByRole("link", { name: "Tình trạng kết nối" }).first().click()
    await expect(page.getByText("00.22.W00").first()).toBeVisible()
    await page.getByLabel("Mã hệ thống có chứa").fill("khong-co")
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

test.describe("an auditor", () => {
  test.use({ storageState: ({ auditor }, use) => use(auditor) })

  test("filters the journal, sees the chain's verdict, and takes the table along", async ({ page, made }) => {
    await page.goto(`${made.url}/journal`)
    await expect(page.getByText(/Chuỗi nhật ký (nguyên vẹn|đang được kiểm tra)/)).toBeVisible()
    await page.getByLabel("Chỉ loại").fill("accepted")
    await page.getByLabel("Do ai").fill("G12")
    await page.getByRole("button", { name: "Lọc", exact: true }).click()
    await expect(page).toHaveURL(/actor=G12/)
    await expect(page.getByRole("rowheader").first()).toBeVisible()
    await expect(page.getByRole("row").filter({ hasNotText: "G12" })).toHaveCount(1) // the headings
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Xuất CSV" }).click()])
    expect(download.suggestedFilename()).toBe("truc-journal.csv")
    await page.getByLabel("Chỉ loại").fill("khong-co-loai-nay")
    await page.getByRole("button", { name: "Lọc", exact: true }).click()
    await expect(page.locator(".state")).toBeVisible()
    await expect(page.getByRole("link", { name: "Nền tảng" })).toHaveCount(0)
  })
})
