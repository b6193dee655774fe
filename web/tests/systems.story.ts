import { expect, test } from "./world"

test.use({ storageState: ({ connector }, use) => use(connector) })

test("a system is connected: its secret is shown once, and its first call is seen without a reload", async ({ page, made }) => {
  await page.goto(made.url)
  await page.getByRole("link", { name: "Hệ thống kết nối" }).first().click()
  await expect(page.getByText("00.22.W00").first()).toBeVisible()

  await page.getByRole("button", { name: "Kết nối hệ thống" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Mã hệ thống").fill("00.41.W00")
  await dialog.getByLabel("Mã các cơ quan được phục vụ").fill("H41, KHONG-CO")
  await dialog.getByRole("button", { name: "Kết nối" }).click()
  await expect(dialog.getByLabel("Mã các cơ quan được phục vụ")).toHaveAttribute("aria-invalid", "true")
  await dialog.getByLabel("Mã các cơ quan được phục vụ").fill("H41.09")
  await dialog.getByRole("button", { name: "Kết nối" }).click()

  await expect(page.getByRole("heading", { level: 1, name: "Hệ thống 00.41.W00" })).toBeVisible()
  await expect(page.locator("code.secret")).toHaveText(/^[0-9a-f]{48}$/)
  await page.getByRole("button", { name: "Tôi đã cất giữ" }).click()
  await expect(page.locator("code.secret")).toHaveCount(0)
  await page.getByRole("button", { name: "Gửi bản tin thử" }).click()
  const probe = page.getByRole("region", { name: "Thử kết nối" })
  await expect(probe.getByRole("status")).toContainText("Đang chờ")
  await expect(probe).toContainText("Đã gửi tới cơ quan H41.09")
  const call = page.getByRole("region", { name: "Lần gọi đầu tiên" })
  await expect(call).toContainText("Đang chờ lần gọi đầu tiên")

  await page.getByRole("button", { name: "Cấp khóa" }).click()
  await page.getByRole("dialog").getByLabel("Dùng vào việc gì").fill("phần mềm văn bản")
  await page.getByRole("dialog").getByText("khóa API").click()
  await page.getByRole("dialog").getByRole("button", { name: "Cấp khóa" }).click()
  const key = String(await page.locator("code.secret").textContent())
  expect(key).toContain("truc_key_")
  await page.getByRole("button", { name: "Tôi đã cất giữ" }).click()

  const answer = await fetch(`${made.url}/api/v1/me`, { headers: { Authorization: `Bearer ${key}` } })
  expect(answer.status).toBe(200)
  await expect(call).toContainText("Đã nhận lần gọi", { timeout: 15_000 })

  const wrong = await fetch(`${made.url}/api/v1/me`, { headers: { Authorization: `Bearer ${key}x` } })
  expect(wrong.status).toBe(401)
  await expect(page.getByRole("region", { name: "Lời gọi bị từ chối" })).toContainText("cấp khóa mới ở dưới", { timeout: 15_000 })

  await page.getByRole("button", { name: "Thu hồi khóa phần mềm văn bản" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Thu hồi" }).click()
  await expect(page.getByText("Đã thu hồi", { exact: true })).toBeVisible()
})
