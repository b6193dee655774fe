import { withPasskeys, enrol } from "./people"
import { expect, test } from "./world"

test("whoever is signed in sees their rights, adds and removes a passkey, sets a password, and sees codes once", async ({ page, context, made }) => {
  const keys = await withPasskeys(context, page)
  await enrol(page, made, "monitor")
  await page.getByRole("button", { name: "Của tôi" }).click()
  await page.getByRole("menuitem", { name: "Hồ sơ của tôi" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Hồ sơ của tôi" })).toBeVisible()
  await expect(page.getByRole("region", { name: "Tôi được làm gì" })).toContainText("xem số liệu")

  // A second device, since one keeps one passkey of a person; the first one is not touched meanwhile.
  const passkeys = page.getByRole("region", { name: "Khóa truy cập" })
  await expect(passkeys).toContainText("Máy tính cơ quan")
  const touched = (enabled: boolean) =>
    keys.session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: keys.authenticatorId, enabled })
  await touched(false)
  const { authenticatorId } = await keys.session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "usb", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  await page.getByRole("button", { name: "Thêm khóa truy cập" }).click()
  await page.getByLabel("Tên của khóa truy cập").fill("Khóa cứng")
  await page.getByRole("button", { name: "Tạo khóa truy cập" }).click()
  await expect(passkeys).toContainText("Khóa cứng")
  await passkeys.getByRole("button", { name: "Bỏ khóa truy cập Khóa cứng" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Bỏ" }).click()
  await expect(passkeys).not.toContainText("Khóa cứng")
  await keys.session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId })
  await touched(true)

  await page.getByRole("button", { name: "Đặt mật khẩu" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Mật khẩu mới").fill("quá ngắn")
  await dialog.getByLabel("Nhập lại").fill("khác")
  await dialog.getByRole("button", { name: "Đặt mật khẩu" }).click()
  await expect(dialog.getByText("Hai lần nhập khác nhau.")).toBeVisible()
  await dialog.getByLabel("Mật khẩu mới").fill("cây tre trăm đốt mọc bên đình")
  await dialog.getByLabel("Nhập lại").fill("cây tre trăm đốt mọc bên đình")
  await dialog.getByRole("button", { name: "Đặt mật khẩu" }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByRole("button", { name: "Đổi mật khẩu" })).toBeVisible()

  const recovery = page.getByRole("region", { name: "Mã khôi phục" })
  await recovery.getByRole("button", { name: "Tạo mã khôi phục mới" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Tạo mã khôi phục mới" }).click()
  await expect(recovery.locator("code")).toHaveCount(10)
  await recovery.getByRole("button", { name: "Tôi đã cất giữ" }).click()
  await expect(recovery.locator("code")).toHaveCount(0)
  await expect(recovery).toContainText("Còn 10 mã khôi phục")

  await expect(page.getByRole("region", { name: "Các phiên làm việc" })).toContainText("Phiên này")
  await expect(page.getByRole("region", { name: "Ủy quyền" })).toContainText("Không có ủy quyền nào.")
})
