// Kiểm chứng bản giấy: what is printed leads a stranger back to what it stands for.
import { execFileSync } from "node:child_process"
import { createHash } from "node:crypto"
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Page } from "@playwright/test"
import jsqr from "jsqr"
import { letter, plain } from "./papers"
import { expect, test } from "./world"

const PDF = { name: "cong-van.pdf", mimeType: "application/pdf" }
const DOTS = 150

/** What the printer gets: the page as the browser prints it, and its first sheet as a picture. */
async function printed(page: Page, directory: string): Promise<{ pages: number; code: string | undefined }> {
  const file = join(directory, "in.pdf")
  await page.pdf({ path: file, format: "A4" })
  const info = execFileSync("pdfinfo", [file], { encoding: "utf-8" })
  execFileSync("pdftoppm", ["-r", String(DOTS), "-f", "1", "-l", "1", file, join(directory, "trang")])
  const name = execFileSync("ls", [directory], { encoding: "utf-8" }).split("\n").find((one) => one.endsWith(".ppm")) ?? ""
  const bytes = readFileSync(join(directory, name))
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString("latin1", 0, 64))
  if (!head) throw new Error("no picture")
  const [width, height] = [Number(head[1]), Number(head[2])]
  const dots = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) for (let part = 0; part < 3; part++) dots[4 * i + part] = bytes[head[0].length + 3 * i + part] ?? 0
  return { pages: Number(/Pages:\s+(\d+)/.exec(info)?.[1]), code: jsqr(dots, width, height)?.data }
}

test.describe("a document is printed with its code", () => {
  test.use({ storageState: ({ clerk }, use) => use(clerk) })

  test("a stranger scans it, compares, and learns when it is recalled", async ({ page, browser, made }) => {
    const directory = mkdtempSync(join(tmpdir(), "truc-print-"))
    const path = await letter(browser, "920/UBND-VX", "kiểm chứng bản in", 3)
    const { id } = made.put("920", "UBND-VX", readFileSync(path))
    await page.goto(`${made.url}/documents/${id}/files/1`)
    await page.getByRole("button", { name: "In kèm mã kiểm chứng" }).click()
    await expect(page.getByText("Các trang đã sẵn sàng")).toBeVisible()
    const { pages, code } = await printed(page, directory)
    expect(pages).toBe(3)
    expect(code).toBe(`${made.url}/verify/${createHash("sha256").update(readFileSync(path)).digest("base64url")}`)
    await page.getByRole("button", { name: "Đóng", exact: true }).last().click()
    await expect(page.locator(".printed")).toHaveCount(0)
    rmSync(directory, { recursive: true })

    const stranger = await (await browser.newContext()).newPage()
    await stranger.goto(String(code))
    await expect(stranger.getByRole("heading", { name: "Có: văn bản này đã qua trục liên thông" })).toBeVisible()
    for (const said of ["UBND tỉnh Quảng Ninh", "920/UBND-VX", "ngày 20 tháng 11 năm 2026", "So tờ giấy với"]) await expect(stranger.getByText(said).first()).toBeVisible()
    for (const kept of ["Về việc xem tệp", "Bộ Tài chính", "G12"]) await expect(stranger.getByText(kept)).toHaveCount(0)
    made.recall(id)
    await stranger.reload()
    await expect(stranger.getByRole("heading", { name: "Không dùng văn bản này nữa" })).toBeVisible()
    await expect(stranger.getByText("ĐÃ THU HỒI: cơ quan ban hành")).toBeVisible()
    await stranger.context().close()
  })

  test("what the exchange has no fingerprint of is printed without promises", async ({ page, made }) => {
    await page.route(/\/api\/v1\/verify\//, (route) => route.fulfill({ json: { sha256: "0".repeat(64), known: false, documents: [] } }))
    await page.goto(`${made.url}/documents/${made.paper}/files/1`)
    await page.getByRole("button", { name: "In kèm mã kiểm chứng" }).click()
    await expect(page.getByRole("alert")).toContainText("chưa ghi dấu vân tay")
    await expect(page.locator(".printed")).toHaveCount(0)
  })
})

test("a file is known, another one is not, and neither leaves the machine", async ({ page, made }) => {
  const sent: string[] = []
  page.on("request", (request) => request.method() !== "GET" && sent.push(`${request.method()} ${request.url()}`))
  await page.goto(`${made.url}/verify`)
  const choose = page.locator("input[type=file]")
  await choose.setInputFiles({ ...PDF, buffer: plain(3) })
  await expect(page.getByRole("heading", { name: "Có: văn bản này đã qua trục liên thông" })).toBeVisible()
  await expect(page.getByText("900/UBND-VX")).toBeVisible()
  const altered = plain(3)
  altered.write("Thong bao", altered.indexOf("Cong van"), "latin1")
  await choose.setInputFiles({ ...PDF, buffer: altered })
  await expect(page.getByRole("heading", { name: "Trục không biết tệp này" })).toBeVisible()
  await choose.setInputFiles({ ...PDF, buffer: made.gone })
  await expect(page.getByRole("heading", { name: "Không dùng văn bản này nữa" })).toBeVisible()
  expect(sent.filter((one) => one.includes("/verify"))).toEqual([])
})

test("a code is typed where nothing can scan it", async ({ page, made }) => {
  const code = createHash("sha256").update(plain(3)).digest("base64url")
  await page.goto(`${made.url}/verify`)
  const field = page.getByLabel("Hoặc nhập mã kiểm chứng in trên văn bản")
  await field.fill(code.slice(1))
  await page.keyboard.press("Enter")
  await expect(field).toHaveAttribute("aria-invalid", "true")
  await field.fill(`${code.slice(0, 20)} ${code.slice(20)}`)
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(`${made.url}/verify/${code}`)
  await expect(page.getByText("900/UBND-VX")).toBeVisible()
})

test("a file of 1 GiB goes through without being held, and can be stopped", async ({ page, made }) => {
  test.setTimeout(300_000)
  const directory = mkdtempSync(join(tmpdir(), "truc-large-"))
  const path = join(directory, "lon.bin")
  const file = openSync(path, "w")
  ftruncateSync(file, 2 ** 30)
  closeSync(file)
  await page.goto(`${made.url}/verify`)
  const choose = page.locator("input[type=file]")
  await choose.setInputFiles(path)
  await expect(page.getByRole("progressbar")).toBeVisible()
  await page.getByRole("button", { name: "Dừng" }).click()
  await expect(page.getByText("Đã dừng.")).toBeVisible()
  await choose.setInputFiles([])
  const begun = Date.now()
  await choose.setInputFiles(path)
  await expect(page.getByRole("progressbar")).toBeVisible()
  let most = 0
  const heap = () => page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize)
  while ((await page.getByRole("progressbar").count()) > 0) most = Math.max(most, await heap())
  // sha256 of 1 GiB of zeros
  await expect(page.locator("code").first()).toHaveText("49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14", { timeout: 200_000 })
  console.log(`1 GiB: ${((Date.now() - begun) / 1000).toFixed(1)} s, ${(most / 2 ** 20).toFixed(0)} MiB of heap at most`)
  expect(most).toBeLessThan(200 * 2 ** 20)
  await expect(page.getByRole("heading", { name: "Trục không biết tệp này" })).toBeVisible()
  rmSync(directory, { recursive: true })
})
