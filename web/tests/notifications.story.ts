import type { Page } from "@playwright/test"
import { expect, test } from "./world"

test.use({ storageState: ({ clerk }, use) => use(clerk) })

const bell = (page: Page) => page.getByRole("banner").getByRole("link", { name: /^Thông báo/ })
const rows = (page: Page) => page.locator(".notifications > li")

async function unread(page: Page): Promise<number> {
  const name = await bell(page).getAttribute("aria-label")
  return Number(/\d+/.exec(name ?? "")?.[0] ?? 0)
}

/** Half a minute later, and another: what was sent just now may take a moment to be told. */
const announced = (page: Page, text: string) =>
  expect(async () => {
    await page.clock.fastForward(31_000)
    await expect(page.getByRole("banner").getByRole("status")).toHaveText(text, { timeout: 1000 })
  }).toPass({ timeout: 15_000 })

test("the clerk sees what is new, goes to a document, marks as read, and takes it back", async ({ page, made }) => {
  test.setTimeout(150_000)
  await page.goto(made.url)
  await expect(bell(page)).toHaveAccessibleName(/\d+ chưa đọc/)
  await bell(page).click()
  await expect(page.getByRole("heading", { level: 1, name: "Thông báo" })).toBeFocused()
  await expect(page.getByRole("heading", { level: 2, name: "Hôm nay" })).toBeVisible()

  // Urgent, asked back, and what recipients said; each in words, and linked.
  const urgent = rows(page).filter({ hasText: "128/BTC-NSNN" }).filter({ hasText: "Văn bản khẩn đến" })
  await expect(urgent.getByRole("link")).toHaveAccessibleName("Bộ Tài chính gửi văn bản 128/BTC-NSNN")
  await expect(urgent).toContainText("Chưa đọc")
  await expect(rows(page).filter({ hasText: "Bộ Nội vụ đề nghị lấy lại văn bản 80/BNV-VP" })).toHaveCount(1)
  await expect(rows(page).filter({ hasText: "Bộ Tài chính báo “Đã tiếp nhận” đối với văn bản 05/UBND-VX" })).toHaveCount(1)

  await expect(rows(page).filter({ hasText: /UBND xã số \d+ và \d+ nơi khác báo “Đã tiếp nhận” đối với văn bản 12.UBND-TH/ })).toHaveCount(1)

  // What is urgent and waits is late after a minute here; nothing else comes up by itself then.
  await expect(rows(page).filter({ hasText: "128/BTC-NSNN" }).filter({ hasText: "Quá hạn" })).toBeVisible({ timeout: 100_000 })

  // One is read by its button, another by going there. The focus stays in the list.
  const before = await unread(page)
  const invitation = rows(page).filter({ hasText: "79/BNV-VP" }).filter({ hasText: "Văn bản đến" })
  await invitation.getByRole("button", { name: /^Đánh dấu đã đọc/ }).click()
  await expect(invitation.getByRole("button")).toHaveCount(0)
  await expect(invitation).toBeFocused()
  await expect.poll(() => unread(page)).toBe(before - 1)
  await urgent.getByRole("link").click()
  await expect(page.getByRole("heading", { level: 1 })).toContainText("128/BTC-NSNN")
  await expect.poll(() => unread(page)).toBe(before - 2)

  // Filters are in the address.
  await bell(page).click()
  await page.getByRole("button", { name: /Loại/ }).click()
  await page.getByRole("option", { name: "Lấy lại văn bản" }).click()
  await expect(page).toHaveURL(/kind=recall/)
  await expect(rows(page).filter({ hasText: "80/BNV-VP" })).toHaveCount(1)
  await expect(rows(page).filter({ hasText: "128/BTC-NSNN" })).toHaveCount(0)
  await page.goto(`${made.url}/notifications?unread=yes&kind=received_urgent`)
  await expect(page.getByText("Không có thông báo nào phù hợp")).toBeVisible()
  await page.getByRole("button", { name: "Bỏ lọc" }).click()
  await expect(rows(page).first()).toBeVisible()

  // All of them, and back. What comes back is no news.
  await page.getByRole("button", { name: "Đánh dấu đã đọc tất cả" }).click()
  await expect(page.getByText("Đã đánh dấu đã đọc tất cả.")).toBeVisible()
  await expect(bell(page)).toHaveAccessibleName("Thông báo")
  await expect(page.locator(".notifications > li.unread")).toHaveCount(0)
  await page.getByRole("button", { name: "Hoàn tác" }).click()
  await expect.poll(() => unread(page)).toBe(before - 2)
  await expect(invitation.getByRole("button")).toHaveCount(0)
  await expect(page.getByText(/Có \d+ thông báo mới/)).toHaveCount(0)
})

test("what is switched off is not told, what is urgent always is, and in quiet hours nothing else is announced", async ({ page, made }) => {
  await page.goto(`${made.url}/notifications?tab=preferences`)
  const urgent = page.getByRole("checkbox", { name: "Văn bản khẩn đến" })
  await expect(urgent).toBeChecked()
  await expect(urgent).toBeDisabled()
  await page.getByText("Trạng thái xử lý", { exact: true }).click()
  await page.getByRole("button", { name: "Lưu tùy chọn" }).click()
  await expect(page.getByText("Đã lưu tùy chọn.")).toBeVisible()
  await page.getByRole("tab", { name: "Danh sách" }).click()
  await expect(rows(page).filter({ hasText: "128/BTC-NSNN" }).first()).toBeVisible()
  await expect(rows(page).filter({ hasText: "Trạng thái xử lý" })).toHaveCount(0)

  // What comes while the page is open is announced within half a minute.
  await page.clock.install()
  await page.goto(made.url)
  await expect(bell(page)).toHaveAccessibleName(/chưa đọc/)
  made.receive("901", "0")
  await announced(page, "Có 1 thông báo mới.")

  // Quiet from now on: an ordinary one is not announced, an urgent one is.
  const quiet = await page.request.get(`${made.url}/api/v1/session`)
  const { csrf } = (await quiet.json()) as { csrf: string }
  const hours = { from: "00:00", to: "23:59" }
  const put = await page.request.put(`${made.url}/api/v1/me/notification-preferences`, {
    headers: { "X-CSRF-Token": csrf, Origin: made.url },
    data: { hidden: [], quiet: hours },
  })
  expect(put.status()).toBe(200)
  await page.reload()
  await expect(bell(page)).toHaveAccessibleName(/chưa đọc/) // what is late or urgent
  const before = await unread(page)
  made.receive("902", "0")
  await page.clock.fastForward(31_000)
  made.receive("903", "2")
  await announced(page, "Có 1 thông báo mới về việc khẩn hoặc quá hạn.")
  expect(await unread(page)).toBe(before + 1)

  await page.goto(`${made.url}/notifications?tab=preferences`)
  await expect(page.getByRole("button", { name: /Đến/ })).toContainText("23:59")
  await page.getByText("Dùng giờ yên lặng").click()
  await page.getByRole("button", { name: "Lưu tùy chọn" }).click()
  await expect(page.getByText("Đã lưu tùy chọn.")).toBeVisible()
})

test("without a connection it says so and shows what it had", async ({ page, made, context }) => {
  await page.goto(`${made.url}/notifications`)
  await expect(rows(page).first()).toBeVisible()
  await context.setOffline(true)
  await page.getByRole("button", { name: "Đánh dấu đã đọc tất cả" }).click()
  await expect(page.getByRole("alert").filter({ hasText: "Mất kết nối" }).first()).toBeVisible()
  await expect(rows(page).first()).toBeVisible()
  await context.setOffline(false)
})
