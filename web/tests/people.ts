// Somebody at a browser with a passkey of their own.
import { expect, type BrowserContext, type CDPSession, type Page } from "@playwright/test"
import type { Made } from "./place"

const AUTHENTICATOR = {
  protocol: "ctap2",
  transport: "internal",
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const

export interface Passkeys {
  session: CDPSession
  authenticatorId: string
}

/** A device whose user is verified without being asked. */
export async function withPasskeys(context: BrowserContext, page: Page): Promise<Passkeys> {
  const session = await context.newCDPSession(page)
  await session.send("WebAuthn.enable")
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options: AUTHENTICATOR })
  return { session, authenticatorId }
}

/** The first time: link code, passkey, sign-in. Needs withPasskeys(). */
export async function enrol(page: Page, made: Made, who: keyof Made["codes"]) {
  await page.goto(`${made.url}/enrolment`)
  await page.getByLabel("Mã liên kết").fill(made.codes[who])
  await page.getByLabel("Tên của khóa truy cập").fill("Máy tính cơ quan")
  await page.getByRole("button", { name: "Tạo khóa truy cập" }).click()
  await expect(page.getByRole("heading", { name: "Đã có khóa truy cập" })).toBeVisible()
  await page.getByRole("link", { name: "Đăng nhập" }).click()
  await page.getByRole("button", { name: "Dùng khóa truy cập" }).click()
  await expect(page.getByRole("heading", { name: "Việc của tôi", level: 1 })).toBeVisible()
}
