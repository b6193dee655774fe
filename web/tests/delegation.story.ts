import type { Page } from "@playwright/test"
import { expect, test } from "./world"

test.use({ storageState: ({ clerk }, use) => use(clerk) })

/** "25/11/2026" in Viet Nam, so many days from today. */
const day = (days: number) => new Date(Date.now() + 7 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10).split("-").reverse().join("/")

async function press(page: Page, ...keys: string[]) {
  for (const key of keys) await page.keyboard.press(key)
}

test("a clerk hands the post on to a colleague for some days and ends it, by keyboard alone", async ({ page, made }) => {
  await page.goto(`${made.url}/profile`)
  const posts = page.getByRole("region", { name: "Chức vụ của tôi" })
  await expect(posts).toContainText("UBND tỉnh Quảng Ninh")
  const delegations = page.getByRole("region", { name: "Ủy quyền", exact: true })
  await expect(delegations).toContainText("Vũ Thị Mai ủy quyền cho tôi")
  await expect(delegations).toContainText("Chưa đến ngày")

  const opener = posts.getByRole("button", { name: "Ủy quyền chức vụ Văn thư" })
  await opener.focus()
  await press(page, "Enter")
  const dialog = page.getByRole("dialog", { name: "Ủy quyền chức vụ Văn thư" })
  const colleague = dialog.getByRole("combobox", { name: "Người được ủy quyền" })
  await expect(colleague).toBeVisible()

  // Nothing is sent that is not whole, and what is missing is said at its field.
  const send = dialog.getByRole("button", { name: "Ủy quyền", exact: true })
  await send.focus()
  await press(page, "Enter")
  await expect(dialog.getByText("Hãy chọn một người trong danh sách.")).toBeVisible()
  await expect(dialog.getByLabel("Đến hết ngày")).toHaveAttribute("aria-invalid", "true")

  // Without marks, and by the post.
  await colleague.focus()
  await page.keyboard.type("quan tri")
  await expect(page.getByRole("option", { name: /Vũ Thị Mai.*Quản trị đơn vị/ })).toBeVisible()
  await expect(page.getByRole("option")).toHaveCount(1)
  await press(page, "ArrowDown", "Enter")
  await expect(colleague).toHaveValue("Vũ Thị Mai")
  await press(page, "Tab")
  const from = dialog.getByLabel("Từ ngày")
  await expect(from).toBeFocused()
  await expect(from).toHaveValue(day(0))
  await press(page, "Tab")
  await page.keyboard.type("31/02/2027")
  await expect(dialog.getByText(/Không phải một ngày/)).toBeVisible()
  await press(page, "Control+a")
  await page.keyboard.type(day(800))

  // What speaks for the organisation is not ticked.
  for (const [name, ticked] of [["đọc văn bản", true], ["gửi văn bản", false], ["lấy lại văn bản", false]] as const)
    await expect(dialog.getByRole("checkbox", { name, exact: true })).toBeChecked({ checked: ticked })
  await press(page, "Tab", "Space")
  await expect(dialog.getByRole("checkbox", { name: "gửi văn bản", exact: true })).toBeChecked()
  const reason = dialog.getByLabel("Lý do")
  await reason.focus()
  await page.keyboard.type("nghỉ phép")

  // More than a year: the server says no, at the field that it is about.
  await press(page, "Enter")
  const until = dialog.getByLabel("Đến hết ngày")
  await expect(until).toHaveAttribute("aria-invalid", "true")
  await expect(dialog.getByText(/nhiều nhất một năm$/)).toBeVisible()
  await expect(reason).toHaveValue("nghỉ phép")
  await until.focus()
  await press(page, "Control+a")
  await page.keyboard.type(day(5))
  await press(page, "Enter")
  await expect(dialog).toBeHidden()
  await expect(opener).toBeFocused()

  const given = delegations.getByRole("list", { name: "Tôi đã ủy quyền" })
  await expect(given).toContainText("Tôi ủy quyền cho Vũ Thị Mai")
  await expect(given).toContainText("Đang hiệu lực")
  await expect(given).toContainText(`đến ${day(5)}`)
  await expect(given).toContainText("Lý do: nghỉ phép.")
  await delegations.getByRole("button", { name: "Chấm dứt ủy quyền cho Vũ Thị Mai" }).focus()
  await press(page, "Enter")
  const sure = page.getByRole("dialog", { name: "Chấm dứt ủy quyền cho Vũ Thị Mai" })
  await sure.getByRole("button", { name: "Chấm dứt" }).focus()
  await press(page, "Enter")
  await expect(sure).toBeHidden()
  await expect(given).toContainText("Đã chấm dứt")
  await expect(delegations.getByRole("button", { name: "Chấm dứt ủy quyền cho Vũ Thị Mai" })).toHaveCount(0)
})

test("nobody but colleagues is found, and a list that does not come says so", async ({ page, made }) => {
  await page.goto(`${made.url}/profile`)
  await page.getByRole("button", { name: "Ủy quyền chức vụ Văn thư" }).click()
  const colleague = page.getByRole("combobox", { name: "Người được ủy quyền" })
  await colleague.fill("Ngô Văn Lâm") // of the platform
  await expect(page.getByText("Không có đồng nghiệp nào như vậy.")).toBeVisible()
  await page.route("**/api/v1/me/delegations", (route) => route.fulfill({ status: 503, body: "busy" }))
  await page.reload()
  await expect(page.getByRole("region", { name: "Ủy quyền", exact: true }).getByRole("alert")).toBeVisible()
})
