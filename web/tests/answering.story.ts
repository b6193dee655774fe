import { expect, test } from "./world"

test.use({ storageState: ({ clerk }, use) => use(clerk) })

test("a clerk confirms the receipt and reports the work, and cannot refuse without a reason", async ({ page, made }) => {
  await page.goto(`${made.url}/documents/${made.taken}`)
  const own = page.getByRole("region", { name: "Việc của UBND tỉnh Quảng Ninh" })
  await own.getByRole("button", { name: "Xác nhận đã nhận" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByRole("button", { name: "Gửi" }).click()
  await expect(dialog).toBeHidden()
  await expect(own.getByText("Nơi nhận đã lưu")).toBeVisible()

  await own.getByRole("button", { name: "Báo tình hình xử lý" }).click()
  await dialog.getByRole("button", { name: /Trạng thái/ }).click()
  await page.getByRole("option", { name: "Từ chối tiếp nhận" }).click()
  await dialog.getByRole("button", { name: "Gửi" }).click()
  const reason = dialog.getByLabel("Lý do")
  await expect(reason).toHaveAttribute("aria-invalid", "true")
  await dialog.getByRole("button", { name: /Trạng thái/ }).click()
  await page.getByRole("option", { name: "Phân công xử lý" }).click()
  await dialog.getByLabel("Phòng, ban xử lý").fill("Phòng Hành chính")
  await dialog.getByRole("button", { name: "Gửi" }).click()
  await expect(dialog).toBeHidden()
  await expect(own.getByText("Phân công xử lý")).toBeVisible()

  await page.getByRole("link", { name: "Đã nhận" }).first().click()
  await expect(page.getByText("79/BNV-VP").first()).toBeVisible()
  await page.getByRole("link", { name: "Hộp đến" }).first().click()
  await expect(page.getByText("77/BNV-CCHC").first()).toBeVisible()
  await expect(page.getByText("79/BNV-VP")).toHaveCount(0)
})

test("what was typed stays when the answer does not come, and is sent once", async ({ page, context, made }) => {
  const keys: (string | undefined)[] = []
  page.on("request", (request) => {
    if (request.url().endsWith("/status")) keys.push(request.headers()["idempotency-key"])
  })
  await page.goto(`${made.url}/documents/${made.back}`)
  await expect(page.getByText("Cơ quan G09 yêu cầu lấy lại").or(page.getByText("Bộ Nội vụ yêu cầu lấy lại"))).toBeVisible()
  await page.getByRole("button", { name: "Từ chối cho lấy lại" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Lý do").fill("Đã trình lãnh đạo")
  await context.setOffline(true)
  await dialog.getByRole("button", { name: "Gửi" }).click()
  await expect(dialog.getByRole("alert")).toContainText("Không gọi được máy chủ")
  await context.setOffline(false)
  await expect(dialog.getByLabel("Lý do")).toHaveValue("Đã trình lãnh đạo")
  await dialog.getByRole("button", { name: "Gửi" }).click()
  await expect(dialog).toBeHidden()
  expect(keys.length).toBe(2)
  expect(keys[0]).toBeTruthy()
  expect(keys[1]).toBe(keys[0])
})

test("documents are found without diacritics, by Ctrl K, and hits are marked", async ({ page, made }) => {
  await page.goto(made.url)
  // Not before it is known that this reader may search.
  await expect(page.getByRole("link", { name: "Tìm văn bản" })).toBeVisible()
  await page.keyboard.press("Control+k")
  await expect(page.getByLabel("Tìm gì")).toBeFocused()
  await page.keyboard.type("thu tuc hanh chinh")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("link", { name: "05/UBND-VX" })).toBeVisible()
  await expect(page.locator("mark").first()).toHaveText(/thủ|tục|hành|chính/i)
  await page.getByRole("link", { name: "05/UBND-VX" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Văn bản 05/UBND-VX" })).toBeVisible()
})
