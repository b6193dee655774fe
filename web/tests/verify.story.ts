import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { plain } from "./papers"
import { expect, test } from "./world"

test("somebody without an account verifies a signed file: who, when, trusted, changed or not", async ({ page, made }) => {
  await page.goto(made.url)
  await page.getByRole("link", { name: "Kiểm chứng văn bản" }).click()
  const choose = page.locator("input[type=file]")
  const send = page.getByRole("button", { name: "Gửi tệp để kiểm tra chữ ký số" })
  const judged = async (file: Parameters<typeof choose.setInputFiles>[0]) => {
    await choose.setInputFiles(file)
    await send.click()
  }
  await judged(made.sealed.signed)
  await expect(page.getByRole("heading", { name: "Hợp lệ", exact: true })).toBeVisible()
  await expect(page.locator("code")).toHaveText(createHash("sha256").update(readFileSync(made.sealed.signed)).digest("hex"))
  const signature = page.getByRole("region", { name: "Nguyễn Văn An" })
  for (const said of ["UBND tỉnh Quảng Ninh", "gốc tin cậy", "giờ Việt Nam, UTC+7"]) await expect(signature).toContainText(said)
  await expect(page.getByText("không có giá trị pháp lý").first()).toBeVisible()

  await judged(made.sealed.altered)
  await expect(page.getByRole("heading", { name: "Không hợp lệ", exact: true })).toBeVisible()
  await judged(made.sealed.bare)
  await expect(page.getByRole("heading", { name: "Chưa xác định", exact: true })).toBeVisible()
  await expect(page.getByText("truc verify TỆP --online")).toBeVisible()
  await judged({ name: "<b>x</b>.pdf", mimeType: "application/pdf", buffer: plain(1) })
  await expect(page.getByRole("heading", { name: "Không có chữ ký số" })).toBeVisible()
  await expect(page.getByText("<b>x</b>.pdf").first()).toBeVisible()

  await page.emulateMedia({ media: "print" })
  await expect(page.locator(".drop")).toBeHidden()
  await expect(page.getByRole("heading", { name: "Không có chữ ký số" })).toBeVisible()
})

test("what cannot be verified is said before anything is sent, and a broken network after", async ({ page, context, made }) => {
  await page.goto(`${made.url}/verify`)
  const choose = page.locator("input[type=file]")
  await choose.setInputFiles({ name: "rong.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(0) })
  await expect(page.getByRole("alert")).toContainText("Tệp rỗng")
  await page.evaluate(() => {
    const given = new DataTransfer()
    given.items.add(new File([new Uint8Array(64 * 2 ** 20 + 1)], "lon.pdf"))
    const field = document.querySelector<HTMLInputElement>("input[type=file]")
    if (!field) throw new Error("no field")
    field.files = given.files
    field.dispatchEvent(new Event("change", { bubbles: true }))
  })
  await expect(page.getByRole("alert")).toContainText("lớn hơn 64 MiB", { timeout: 20_000 }) // after it was hashed
  await choose.setInputFiles(made.sealed.signed)
  await expect(page.getByRole("heading", { name: "Trục không biết tệp này" })).toBeVisible()
  await context.setOffline(true)
  await page.getByRole("button", { name: "Gửi tệp để kiểm tra chữ ký số" }).click()
  await expect(page.getByRole("button", { name: "Thử lại" })).toBeVisible()
  await context.setOffline(false)
  await page.getByRole("button", { name: "Thử lại" }).click()
  await expect(page.getByRole("heading", { name: "Hợp lệ", exact: true })).toBeVisible()
})
