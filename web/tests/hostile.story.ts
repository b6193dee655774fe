// Hostile use: what strangers write, where the network breaks, and who is quicker. Nothing runs, leaves the host,
// overflows or is lost.
import { readFileSync } from "node:fs"
import type { Page } from "@playwright/test"
import { manyDocuments } from "./many"
import { broken, letter } from "./papers"
import { enrol, withPasskeys } from "./people"
import { ALL, armed, heavy, WRITTEN } from "./strangers"
import { typeDay } from "./typing"
import { expect, test } from "./world"

test.describe.configure({ timeout: 180_000 })

const TURNING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/

interface Watched {
  canary?: unknown
  reports?: string[]
}

/** From now on the page notes what its policy had to refuse. */
const watch = (page: Page) =>
  page.addInitScript(() => {
    const watched = globalThis as Watched
    watched.reports = []
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => watched.reports?.push(`${violatedDirective} ${blockedURI}`))
  })

/** What is wrong with the page as it is: something ran, was refused, leads elsewhere, is wider than the window. */
async function wrong(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 720 })
    await expect(page.locator("h1").first()).toBeVisible()
    found.push(
      ...(await page.evaluate(
        ([turning]) => {
          const watched = globalThis as Watched
          const root = document.documentElement
          const out: string[] = [...(watched.reports ?? [])]
          if ("canary" in watched) out.push(`ran: ${String(watched.canary)}`)
          for (const one of document.querySelectorAll<HTMLAnchorElement>("a[href]")) if (one.origin !== location.origin && one.protocol !== "blob:") out.push(`leads to ${one.href}`)
          for (const one of document.querySelectorAll("body script, iframe, object, embed, img:not([src='/favicon.svg'])")) out.push(one.outerHTML.slice(0, 100))
          if (new RegExp(turning ?? "").test(document.body.innerText)) out.push("a mark turns the writing")
          if (/undefined|NaN|\[object/.test(document.body.innerText)) out.push("undefined, NaN or an object on the page")
          if (root.scrollWidth > root.clientWidth)
            out.push(...[...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1).slice(0, 3).map((one) => `wider: ${one.outerHTML.slice(0, 160)}`))
          return out
        },
        [TURNING.source],
      )).map((one) => `${page.url()} ${width} px: ${one}`),
    )
  }
  return found
}

async function fill(page: Page, number: string, path: string) {
  const chooser = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: /Chọn tệp/ }).click()
  await (await chooser).setFiles(path)
  await page.getByLabel("Số", { exact: true }).fill(number)
  await page.getByLabel("Ký hiệu", { exact: true }).fill("UBND-TH")
  await typeDay(page, "Ngày ban hành", "20112026")
  await page.getByLabel("Trích yếu", { exact: true }).fill(`Về việc thử ${number}`)
  await page.getByLabel("Tìm cơ quan", { exact: true }).fill("bo tai chinh")
  await page.locator("label.checkbox", { hasText: "Bộ Tài chính" }).first().click()
}

/** The lines of a CSV file, their cells without quotation marks. */
function cells(csv: string): string[] {
  return [...csv.replace(/^\uFEFF/, "").matchAll(/"((?:[^"]|"")*)"|([^",\r\n]+)/g)].map(([, quoted, bare]) => (quoted ?? bare ?? "").replaceAll('""', '"'))
}
const formulas = (all: string[]) => all.filter((cell) => /^[=+\-@\t\r]/.test(cell))

test.describe("a clerk", () => {
  test.use({ storageState: ({ clerk }, use) => use(clerk) })

  test("sees what strangers write as a text, on every page", async ({ page, made }) => {
    const { subjects, files, refused } = made.strangers()
    await watch(page)
    const documents = [...Object.values(subjects), files]
    const paths = ["/", "/inbox", "/received", "/outbox", "/late", `/documents/${files}/files/1`, `/documents/${refused}?tab=board`, `/trace?find=${refused}`, ...documents.map((id) => `/documents/${id}`), `/documents/${subjects.long}?tab=signatures`, `/trace?find=${subjects.turned}`]
    const found: string[] = []
    for (const path of paths) {
      await page.goto(made.url + path)
      await expect(page.locator("h1")).toBeVisible()
      await page.waitForLoadState("networkidle")
      found.push(...(await wrong(page)))
    }
    expect(found).toEqual([])
    await page.setViewportSize({ width: 1280, height: 720 })
    await page.goto(`${made.url}/documents/${subjects.script}`)
    await expect(page.getByText(WRITTEN.script).first()).toBeVisible()
    await page.goto(`${made.url}/documents/${subjects.braces}`)
    await expect(page.getByText(WRITTEN.braces).first()).toBeVisible()
    await page.goto(`${made.url}/trace?find=${refused}`)
    await page.locator("details.delivery summary").first().click()
    await expect(page.getByText(WRITTEN.formula).first()).toBeVisible()
  })

  test("is not harmed by an address that somebody sends", async ({ page, made }) => {
    await watch(page)
    const bad = encodeURIComponent(ALL)
    const found: string[] = []
    for (const path of [`/trace?find=${bad}&sender=${encodeURIComponent(WRITTEN.image)}`, `/search?q=${bad}`, `/inbox?organisation=${bad}&from=${bad}&to=2026-99-99`, `/documents/${encodeURIComponent(WRITTEN.image)}`, `/documents/..%2f..%2fapi/files/${encodeURIComponent(WRITTEN.script)}`, `/send#${bad}`, `/profile?${bad}=${bad}`, `/${bad}`, "//evil.example/x", "/%5cevil.example", "/sign-in?to=https://evil.example"]) {
      const answer = await page.goto(made.url + path)
      expect(new URL(page.url()).origin).toBe(made.url)
      if (answer?.status() === 400) {
        // What is no address at all is refused before any page.
        expect(answer.headers()["content-type"]).toBe("application/problem+json")
        continue
      }
      await expect(page.locator("h1")).toBeVisible()
      await page.waitForLoadState("networkidle")
      found.push(...(await wrong(page)))
    }
    expect(found).toEqual([])
    await page.goto(`${made.url}/search`)
    await page.getByLabel("Tìm gì").fill(ALL)
    await page.keyboard.press("Enter")
    await page.waitForLoadState("networkidle")
    expect(await wrong(page)).toEqual([])
  })

  test("gets files under names that stay names, and is told of what a PDF wants to run by nothing running", async ({ page, made }) => {
    const { files } = made.strangers()
    await watch(page)
    await page.goto(`${made.url}/documents/${files}`)
    const links = page.locator("a[download]")
    await expect(links).toHaveCount(5)
    for (let place = 0; place < 5; place++) {
      const [download] = await Promise.all([page.waitForEvent("download"), links.nth(place).click()])
      const name = download.suggestedFilename()
      expect(name).not.toMatch(/[/\\<>"\p{Cc}]/u)
      expect(name).not.toMatch(TURNING)
      expect(name).not.toMatch(/^\./)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200)
      await download.cancel()
    }
    const answer = await page.request.get(`${made.url}/api/v1/documents/${files}/attachments/3`)
    expect(answer.headers()["content-disposition"]).toMatch(/^attachment; /)
    expect(decodeURIComponent(answer.headers()["content-disposition"] ?? "")).not.toMatch(TURNING)
    expect(answer.headers()["content-type"]).toBe("application/octet-stream")
    expect(answer.headers()["x-content-type-options"]).toBe("nosniff")

    await page.goto(`${made.url}/documents/${files}/files/1`)
    const sheet = page.getByRole("region", { name: "Trang 1", exact: true })
    await expect(sheet.locator("canvas[data-drawn]")).toBeVisible()
    await expect(sheet.getByText("<script>globalThis.canary=8</script>")).toBeAttached()
    await sheet.click({ position: { x: 100, y: 100 } })
    expect(new URL(page.url()).origin).toBe(made.url)
    expect(await wrong(page)).toEqual([])
  })

  test("saves tables in which nothing is a formula", async ({ page, made }) => {
    const { refused } = made.strangers()
    await page.goto(`${made.url}/documents/${refused}?tab=board`)
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Lưu thành CSV" }).click()])
    const saved = cells(readFileSync(await download.path(), "utf-8"))
    expect(saved).toContain(`'${WRITTEN.formula}`)
    expect(formulas(saved)).toEqual([])
  })

  test("opens a list of 100,000 and is at its end at once", async ({ page, made }) => {
    await manyDocuments(page, 100_000)
    await page.goto(`${made.url}/received`)
    const grid = page.getByRole("grid")
    await expect(grid).toHaveAttribute("aria-rowcount", "100001", { timeout: 30_000 })
    expect(await grid.getByRole("row").count()).toBeLessThan(80)
    await grid.evaluate((one) => one.scrollTo(0, one.scrollHeight))
    await expect(grid.getByText("100000/VT")).toBeVisible()
    await grid.evaluate((one) => one.scrollTo(0, one.scrollHeight / 2))
    await expect(grid.getByText(/^(49|50)\d{3}\/VT$/).first()).toBeVisible()
    expect(await grid.getByRole("row").count()).toBeLessThan(80)
  })

  test("looks at the first page of a file of 1 GiB without getting the rest", async ({ page, made }) => {
    const file = heavy(2 ** 30)
    const { files } = made.strangers()
    let sent = 0
    // The server's part of this is in its own tests; here is a file that no disk has to hold.
    await page.route(`**/api/v1/documents/${files}/attachments/1`, (route) => {
      const [, from = "0", to = String(file.size - 1)] = /bytes=(\d+)-(\d+)/.exec(route.request().headers().range ?? "") ?? []
      const headers = { "Accept-Ranges": "bytes", "Content-Type": "application/octet-stream", "Content-Encoding": "identity" }
      if (!route.request().headers().range) return route.fulfill({ status: 200, headers: { ...headers, "Content-Length": String(file.size) }, body: "" })
      const begin = Number(from)
      const end = Math.min(Number(to), file.size - 1)
      const bytes = Buffer.alloc(end - begin + 1)
      if (begin < file.head.length) file.head.copy(bytes, 0, begin, Math.min(file.head.length, end + 1))
      const tailAt = file.size - file.tail.length
      if (end >= tailAt) file.tail.copy(bytes, Math.max(0, tailAt - begin), Math.max(0, begin - tailAt))
      sent += bytes.length
      return route.fulfill({ status: 206, headers: { ...headers, "Content-Range": `bytes ${begin}-${end}/${file.size}` }, body: bytes })
    })
    await page.goto(`${made.url}/documents/${files}/files/1`)
    await expect(page.getByRole("region", { name: "Trang 1", exact: true }).locator("canvas[data-drawn]")).toBeVisible()
    expect(sent).toBeGreaterThan(0)
    expect(sent).toBeLessThan(2_000_000)
  })

  test("looks at a real file of 64 MiB, of which the server sends what is seen", async ({ page, context, made }) => {
    const { head, tail, size } = heavy(2 ** 26)
    const { id } = made.put("682", "UBND-VX", Buffer.concat([head, Buffer.alloc(size - head.length - tail.length), tail]))
    const session = await context.newCDPSession(page)
    await session.send("Network.enable")
    let came = 0
    session.on("Network.dataReceived", ({ encodedDataLength }) => (came += encodedDataLength))
    await page.goto(`${made.url}/documents/${id}/files/1`)
    await expect(page.getByRole("region", { name: "Trang 1", exact: true }).locator("canvas[data-drawn]")).toBeVisible({ timeout: 20_000 })
    expect(came).toBeGreaterThan(0)
    expect(came).toBeLessThan(16 * 2 ** 20)
  })

  test("sends once, whatever step the network breaks at", async ({ page, browser, made }) => {
    const file = await letter(browser, "683/UBND-TH", "thử mất mạng", 3)
    // Each of them once: not sent at all, or done by the server and the answer lost.
    const breaks = ["POST uploads sent", "PATCH lost", "HEAD lost", "PATCH sent", "POST submissions lost", "POST submissions sent"]
    const keys = new Set<string | undefined>()
    await page.route(/\/api\/v1\/(uploads|submissions)/, async (route) => {
      const request = route.request()
      const step = `${request.method()} ${request.url().includes("submissions") ? "submissions" : request.method() === "POST" ? "uploads" : ""}`.trim()
      if (step === "POST submissions") keys.add(request.headers()["idempotency-key"])
      const next = breaks.findIndex((one) => one.startsWith(`${step} `))
      if (next < 0) return route.continue()
      const [broke = ""] = breaks.splice(next, 1)
      if (broke.endsWith("sent")) await route.fetch()
      return route.abort("internetdisconnected")
    })
    await page.goto(`${made.url}/send`)
    await fill(page, "683", file)
    await page.getByRole("button", { name: "Gửi", exact: true }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Văn bản 683/UBND-TH" })).toBeVisible({ timeout: 90_000 })
    expect(breaks).toEqual([])
    expect(keys.size).toBe(1)
    await page.goto(`${made.url}/outbox`)
    await expect(page.getByText("683/UBND-TH")).toHaveCount(1)
  })

  test("chooses a file without a network, and nothing is said of the file that is not so", async ({ page, context, made }) => {
    await page.goto(`${made.url}/send`)
    await expect(page.getByLabel("Tìm cơ quan", { exact: true })).toBeVisible()
    await page.waitForLoadState("networkidle")
    await context.setOffline(true)
    const chooser = page.waitForEvent("filechooser")
    await page.getByRole("button", { name: /Chọn tệp/ }).click()
    await (await chooser).setFiles({ name: "thu.pdf", mimeType: "application/pdf", buffer: armed() })
    await expect(page.getByText("thu.pdf").first()).toBeVisible()
    await page.waitForTimeout(1000)
    await expect(page.getByText("Không mở được tệp PDF này")).toHaveCount(0)
    await page.getByLabel("Trích yếu", { exact: true }).fill("Về việc mất mạng")
    await context.setOffline(false)
    await expect(page.getByLabel("Trích yếu", { exact: true })).toHaveValue("Về việc mất mạng")
  })

  test("goes on after a page could not be loaded", async ({ page, context, made }) => {
    await page.goto(`${made.url}/outbox`)
    await expect(page.getByText("12/UBND-TH").first()).toBeVisible()
    await page.waitForLoadState("networkidle")
    await context.setOffline(true)
    await page.getByRole("link", { name: "Gửi văn bản" }).first().click()
    await expect(page.getByText("Không gọi được máy chủ", { exact: true })).toBeVisible()
    await expect(page.getByRole("navigation").first()).toBeVisible()
    await context.setOffline(false)
    await page.getByRole("button", { name: "Thử lại" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Gửi văn bản" })).toBeVisible()
    await expect(page.getByLabel("Tìm cơ quan", { exact: true })).toBeVisible()
  })
})

test("of two colleagues the slower one is told what stands, and what they did not do", async ({ page, browser, made, clerk }) => {
  const { subjects } = made.strangers()
  const first = await browser.newContext({ storageState: clerk })
  const quick = await first.newPage()
  await withPasskeys(page.context(), page)
  await enrol(page, made, "colleague")
  for (const one of [page, quick]) await one.goto(`${made.url}/documents/${subjects.formula}`)
  await page.getByRole("button", { name: "Không nhận được" }).or(page.getByRole("button", { name: "Báo không nhận được" })).click()
  await page.getByRole("dialog").getByLabel("Lý do").fill("Tệp không mở được")
  await quick.getByRole("button", { name: "Xác nhận đã nhận" }).click()
  await quick.getByRole("dialog").getByRole("button", { name: "Gửi" }).click()
  await expect(quick.getByText("Nơi nhận đã lưu").first()).toBeVisible()
  await page.getByRole("dialog").getByRole("button", { name: "Gửi" }).click()
  await expect(page.getByText("Cơ quan đã xác nhận lượt chuyển này trước đó: Nơi nhận đã lưu")).toBeVisible()
  await expect(page.getByRole("button", { name: "Báo tình hình xử lý" })).toBeVisible()
  await first.close()
})

test("a session that ends while a form is full loses nothing of it, and what was pressed is done", async ({ page, context, made }) => {
  await withPasskeys(context, page)
  await enrol(page, made, "secretary")
  await page.goto(`${made.url}/send`)
  await fill(page, "684", broken("dai.pdf", 3000))
  await context.clearCookies()
  await page.getByRole("button", { name: "Gửi", exact: true }).click()
  const dialog = page.getByRole("alertdialog", { name: "Phiên làm việc đã kết thúc" })
  await expect(dialog).toBeVisible()
  await expect(page.locator("input[value='684']")).toHaveCount(1)
  await dialog.getByRole("button", { name: "Dùng khóa truy cập" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Văn bản 684/UBND-TH" })).toBeVisible({ timeout: 20_000 })
  await expect(page.getByText("Về việc thử 684").first()).toBeVisible()
})

test.describe("an auditor", () => {
  test.use({ storageState: ({ auditor }, use) => use(auditor) })

  test("is not harmed by addresses, and takes a journal without formulas along", async ({ page, made }) => {
    made.strangers()
    await watch(page)
    const bad = encodeURIComponent(ALL)
    const found: string[] = []
    for (const path of [`/journal?subject=${bad}&actor=${bad}&kind=${bad}&from=${bad}`, `/figures?tab=flow&hours=${bad}&organisation=${bad}`, `/figures/list?stage=${bad}&organisation=${bad}`, `/open-figures?month=${bad}`, "/figures?tab=lateness", "/journal"]) {
      await page.goto(made.url + path)
      await expect(page.locator("h1")).toBeVisible()
      await page.waitForLoadState("networkidle")
      found.push(...(await wrong(page)))
    }
    expect(found).toEqual([])
    const answer = await page.request.get(`${made.url}/api/v1/journal/export`)
    const saved = cells(await answer.text())
    expect(saved.length).toBeGreaterThan(100)
    expect(formulas(saved)).toEqual([])
    expect(answer.headers()["content-disposition"]).toBe('attachment; filename="truc-journal.csv"')
  })
})

test("a stranger's own name is a text on every page", async ({ page, context, made }) => {
  const { person } = made.strangers()
  await watch(page)
  await withPasskeys(context, page)
  await enrol(page, { ...made, codes: { ...made.codes, clerk: person } }, "clerk")
  const found: string[] = []
  for (const path of ["/profile", "/", "/khong-co"]) {
    await page.goto(made.url + path)
    await expect(page.locator("h1")).toBeVisible()
    await page.waitForLoadState("networkidle")
    found.push(...(await wrong(page)))
  }
  expect(found).toEqual([])
})

test("no answer of any kind is shown in a frame of somebody else's", async ({ page, browser, made, clerk }) => {
  const { files } = made.strangers()
  const context = await browser.newContext({ storageState: clerk })
  const asset = /\/assets\/[\w-]+\.js/.exec(await (await context.request.get(made.url)).text())?.[0] ?? ""
  const unframed: string[] = []
  for (const path of ["/", "/inbox", asset, "/favicon.svg", "/assets/khong-co.js", "/khong-co", "/api/v1/session", "/api/v1/me", "/api/v1/documents/khong-co", "/api/v1/khong-co", "/api/v1/journal/export", "/api/v1/late", `/api/v1/documents/${files}`, `/api/v1/documents/${files}/attachments/1`, `/api/v1/documents/${files}/content`, "/docs/api", "/openapi.json"]) {
    const accept = { Accept: path.startsWith("/api") ? "application/json" : "text/html" }
    const headers = (await context.request.get(made.url + path, { headers: accept })).headers()
    if (!/frame-ancestors 'none'/.test(headers["content-security-policy"] ?? "")) unframed.push(path)
    if (headers["x-content-type-options"] !== "nosniff") unframed.push(`${path} (type)`)
  }
  expect(unframed).toEqual([])
  const elsewhere = await context.newPage()
  await elsewhere.setContent(`<iframe src="${made.url}/inbox" width="800" height="600"></iframe>`)
  await elsewhere.waitForTimeout(500)
  expect(await elsewhere.frames()[1]?.locator("#app").count().catch(() => 0)).toBe(0)
  await context.close()
  await page.goto(made.url)
})
