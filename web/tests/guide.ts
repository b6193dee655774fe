// The pictures of docs/operations/console: the demonstration at one size, as WebP of at most 80 kB, and as PNG in
// build/pictures to look at.
import { createHash } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { resolve } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test"
import { Demonstration } from "./demonstration"
import { letter } from "./papers"

const ROOT = resolve(import.meta.dirname, "../..")
const OUT = resolve(ROOT, "docs/operations/console/pictures")
const SEEN = resolve(ROOT, "build/pictures/guide")
const SIZE = { width: 1200, height: 750 }
const BYTES_MOST = 80_000
const BEST = 0.85
const WORST = 0.5
const BOARD = "Báo cáo chuyển đổi số toàn tỉnh năm 2026"

const CLERK = "van.thu@h49"
const BY_HAND = "van.thu@h49.50"
const OPERATOR = "dieu.hanh"
const AUDITOR = "kiem.toan"
type Login = typeof CLERK | typeof BY_HAND | typeof OPERATOR | typeof AUDITOR

interface Picture {
  name: string
  who?: Login // otherwise nobody who has signed in
  /** Opens what is to be seen, and waits until it is there. */
  show: (page: Page) => Promise<unknown>
}

interface Item {
  id: string
  document: string
  subject: string
  signatures?: string
  sender: { code: string }
}

const items = async (page: Page, path: string) => ((await (await page.request.get(path)).json()) as { items: Item[] }).items
const visible = (page: Page, selector: string) => expect(page.locator(selector).first()).toBeVisible()
const board = async (page: Page) => (await items(page, `/api/v1/search?q=${encodeURIComponent(BOARD)}`))[0]?.id ?? ""
let asked = "" // the document that its sender wants back, once it does

const PICTURES: Picture[] = [
  {
    name: "sign-in",
    show: async (page) => {
      await page.goto("/")
      await page.getByText("Dùng mật khẩu").click()
      await page.getByLabel("Tên đăng nhập").fill(CLERK)
    },
  },
  { name: "verify", show: verify },
  { name: "printed", show: printed },
  { name: "log", show: async (page) => { await page.goto("/log"); await visible(page, "#head") } },
  { name: "home", who: CLERK, show: async (page) => { await page.goto("/"); await visible(page, ".duties") } },
  { name: "search", who: CLERK, show: async (page) => { await page.goto("/search?q=chuyen+doi+so"); await visible(page, "mark") } },
  { name: "board", who: CLERK, show: async (page) => { await page.goto(`/documents/${await board(page)}?tab=board`); await visible(page, ".figure") } },
  { name: "signatures", who: CLERK, show: signatures },
  { name: "viewer", who: CLERK, show: viewer },
  { name: "send", who: CLERK, show: send },
  { name: "late", who: CLERK, show: async (page) => { await page.goto("/late"); await expect(page.getByRole("grid")).toBeVisible() } },
  { name: "inbox", who: BY_HAND, show: async (page) => { await page.goto("/inbox"); await expect(page.getByRole("grid")).toBeVisible() } },
  { name: "answer", who: BY_HAND, show: answer },
  { name: "recall", who: BY_HAND, show: recalled },
  { name: "profile", who: BY_HAND, show: async (page) => { await page.goto("/profile"); await visible(page, "#sessions") } },
  { name: "notifications", who: BY_HAND, show: async (page) => { await page.goto("/notifications"); await visible(page, "main li") } },
  { name: "trace", who: OPERATOR, show: trace },
  { name: "organisations", who: OPERATOR, show: async (page) => { await page.goto("/organisations"); await visible(page, ".tree li") } },
  { name: "approvals", who: OPERATOR, show: approvals },
  { name: "systems", who: OPERATOR, show: async (page) => { await page.goto("/systems"); await expect(page.getByRole("grid")).toBeVisible() } },
  { name: "system", who: OPERATOR, show: async (page) => { await page.goto("/systems/00.00.G12"); await expect(page.getByText(/Đã nhận lần gọi/)).toBeVisible() } },
  { name: "integrations", who: OPERATOR, show: async (page) => { await page.goto("/integrations"); await expect(page.getByRole("grid")).toBeVisible() } },
  { name: "certificates", who: OPERATOR, show: async (page) => { await page.goto("/certificates"); await visible(page, "main h2") } },
  { name: "platform", who: OPERATOR, show: async (page) => { await page.goto("/platform"); await visible(page, "#storage") } },
  { name: "quotas", who: OPERATOR, show: async (page) => { await page.goto("/platform?tab=quotas"); await visible(page, "#limits") } },
  { name: "journal", who: AUDITOR, show: async (page) => { await page.goto("/journal"); await expect(page.getByText("Chuỗi nhật ký nguyên vẹn")).toBeVisible() } },
  { name: "journal-entry", who: AUDITOR, show: journalEntry },
  { name: "figures", who: AUDITOR, show: async (page) => { await page.goto("/figures"); await visible(page, ".tiles a") } },
  { name: "figures-flow", who: AUDITOR, show: async (page) => { await page.goto("/figures?tab=flow"); await visible(page, "#funnel"); await page.locator("#funnel").scrollIntoViewIfNeeded() } },
]

const state = new Demonstration()

test.beforeAll(async () => {
  test.setTimeout(300_000)
  mkdirSync(OUT, { recursive: true })
  mkdirSync(SEEN, { recursive: true })
  await state.start()
  await pause(75_000) // an urgent document is late after a minute there
})
test.afterAll(() => state.stop())
test.setTimeout(90_000)

const contexts = new Map<Login | undefined, BrowserContext>()

async function contextOf(browser: Browser, who: Login | undefined): Promise<BrowserContext> {
  const known = contexts.get(who)
  if (known) return known
  const made = await browser.newContext({ viewport: SIZE, baseURL: state.url, reducedMotion: "reduce", locale: "vi-VN" })
  if (who) {
    const page = await made.newPage()
    await state.signIn(page, who)
    await page.close()
  }
  contexts.set(who, made)
  return made
}

for (const { name, who, show } of PICTURES)
  test(name, async ({ browser }) => {
    if (name === "recall") await askBack(browser)
    const page = await (await contextOf(browser, who)).newPage()
    await show(page)
    await page.waitForLoadState("networkidle")
    const png = await page.screenshot({ path: `${SEEN}/${name}.png` })
    await page.close()
    let webp = await asWebp(browser, png, BEST)
    for (let quality = BEST; webp.length > BYTES_MOST && quality > WORST; quality -= 0.1) webp = await asWebp(browser, png, quality)
    expect(webp.length).toBeLessThanOrEqual(BYTES_MOST)
    writeFileSync(`${OUT}/${name}.webp`, webp)
  })

/** By the browser, which has the encoder. */
async function asWebp(browser: Browser, png: Buffer, quality: number): Promise<Buffer> {
  const page = await browser.newPage()
  const written = await page.evaluate(async ([source, best]) => {
    const image = await createImageBitmap(await (await fetch(String(source))).blob())
    const canvas = new OffscreenCanvas(image.width, image.height)
    canvas.getContext("2d")?.drawImage(image, 0, 0)
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/webp", quality: Number(best) })).arrayBuffer())
    return Array.from(bytes)
  }, [`data:image/png;base64,${png.toString("base64")}`, quality] as const)
  await page.close()
  return Buffer.from(written)
}

async function verify(page: Page) {
  await page.goto("/verify")
  await page.locator("input[type=file]").setInputFiles(state.bundle)
  await page.getByRole("button", { name: "Gửi tệp để kiểm tra chữ ký số" }).click()
  await visible(page, "#verdict")
}

/** The code of a paper that the province has sent. */
async function printed(page: Page) {
  const clerk = await (await contextOf(page.context().browser() as Browser, CLERK)).newPage()
  const file = await clerk.request.get(`/api/v1/documents/${await board(clerk)}/attachments/1`)
  const code = createHash("sha256").update(await file.body()).digest("base64url")
  await clerk.close()
  await page.goto(`/verify/${code}`)
  await visible(page, ".verdict")
}

/** One that the operator has proposed himself; another one has to approve it. */
async function approvals(page: Page) {
  const { csrf } = (await (await page.request.get("/api/v1/session")).json()) as { csrf: string }
  const proposed = await page.request.post("/api/v1/approvals", {
    headers: { "X-CSRF-Token": csrf, Origin: state.url },
    data: { act: "system_disable", subject: "00.00.G12", reason: "Khóa bí mật của hệ thống có thể đã lộ" },
  })
  expect(proposed.status(), await proposed.text()).toBeLessThan(300)
  await page.goto("/approvals")
  await visible(page, "main article")
}

async function trace(page: Page) {
  const clerk = await (await contextOf(page.context().browser() as Browser, CLERK)).newPage()
  const id = await board(clerk)
  await clerk.close()
  await page.goto(`/trace?find=${id}`)
  await page.locator(".delivery summary").first().click()
  await page.getByRole("heading", { name: "Hiện nay" }).scrollIntoViewIfNeeded()
  await page.mouse.wheel(0, 260)
}

async function signatures(page: Page) {
  const found = (await items(page, "/api/v1/documents?limit=200")).find((one) => one.signatures === "invalid")
  await page.goto(`/documents/${found?.id}?tab=signatures`)
  await expect(page.getByText(/đã hết hạn trước khi ký|đã bị thay đổi sau khi ký/).first()).toBeVisible()
}

async function viewer(page: Page) {
  await page.goto(`/documents/${await board(page)}/files/1`)
  await visible(page, "canvas[data-drawn]")
}

async function send(page: Page) {
  const file = await letter(page.context().browser() as Browser, "906/UBND-TH", "phối hợp rà soát thủ tục hành chính")
  await page.goto("/send")
  await page.locator("input[type=file]").setInputFiles(file)
  await page.getByRole("button", { name: "Điền vào ô trống" }).click()
  await page.getByLabel("Tìm cơ quan", { exact: true }).fill("bo tai chinh")
  await page.locator("label.checkbox", { hasText: "Bộ Tài chính" }).first().click()
  await page.getByLabel("Số", { exact: true }).scrollIntoViewIfNeeded()
}

async function answer(page: Page) {
  const waiting = await items(page, "/api/v1/deliveries?limit=200")
  await page.goto(`/documents/${waiting[0]?.document}`)
  await page.getByRole("button", { name: "Xác nhận đã nhận" }).click()
  await expect(page.getByRole("dialog")).toBeVisible()
}

/** The province wants back what the clerk without software has fetched. */
async function askBack(browser: Browser) {
  const taker = await (await contextOf(browser, BY_HAND)).newPage()
  const found = (await items(taker, "/api/v1/deliveries?limit=200")).find((one) => one.sender.code === "H49" && one.subject !== BOARD)
  asked = found?.document ?? ""
  expect((await taker.request.get(`/api/v1/documents/${asked}/content`)).ok()).toBe(true)
  await taker.close()
  const sender = await (await contextOf(browser, CLERK)).newPage()
  await sender.goto(`/documents/${asked}`)
  await sender.getByRole("button", { name: "Lấy lại văn bản" }).click()
  await sender.getByRole("dialog").getByLabel("Lý do").fill("Gửi nhầm bản dự thảo")
  await sender.getByRole("dialog").getByRole("button", { name: "Lấy lại" }).click()
  await expect(sender.getByRole("dialog")).toBeHidden()
  await sender.close()
}

async function recalled(page: Page) {
  await page.goto(`/documents/${asked}`)
  await expect(page.getByRole("button", { name: "Đồng ý cho lấy lại" })).toBeVisible()
}

async function journalEntry(page: Page) {
  await page.goto("/journal?kind=accepted")
  await page.getByRole("rowheader", { name: "Trục tiếp nhận văn bản" }).first().click()
  await visible(page, "[role=dialog]")
}
