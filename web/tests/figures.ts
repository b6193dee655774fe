// What `bench/run web` measures, in Chromium with the processor slowed down to a quarter, from outside of the
// application: bytes by the browser's own count, frames and first sights by requestAnimationFrame, interactions by Event
// Timing. Writes one JSON object into the file named by FIGURES.
import { readFileSync, writeFileSync } from "node:fs"
import { env } from "node:process"
import type { Browser, Page } from "@playwright/test"
import { manyDocuments } from "./many"
import { letter } from "./papers"
import { expect, test } from "./world"

const SLOWER = 4
const RUNS = Number(env.ROUNDS ?? 3)
const ROWS = 100_000
const PAGES = 500
const figures: Record<string, number> = { rows: ROWS, pages: PAGES, runs: RUNS }

test.use({ reducedMotion: "no-preference" })

const at = (sorted: number[], share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
const ordered = (all: number[]) => [...all].sort((a, b) => a - b)
const median = (all: number[]) => at(ordered(all), 0.5)

/** Notes when the selector named is first on the page and painted: the second frame after it came. */
const watch = (selector: string) => `{
  const look = () => document.querySelector(${JSON.stringify(selector)})
    ? requestAnimationFrame(() => { globalThis.seenAt = performance.now() })
    : requestAnimationFrame(look)
  requestAnimationFrame(look)
}`
const seenAt = async (page: Page): Promise<number> => {
  const found = await page.waitForFunction(() => (globalThis as { seenAt?: number }).seenAt)
  return (await found.jsonValue()) ?? Number.NaN
}

/** A browser that has nothing yet, of somebody or of nobody; `bytes` are what its files came to on the wire. */
async function fresh(browser: Browser, storageState: never, selector?: string, slower = SLOWER) {
  const context = await browser.newContext({ storageState, viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  const bytes = new Map<string, number>()
  const session = await context.newCDPSession(page)
  const names = new Map<string, string>()
  await session.send("Network.enable")
  session.on("Network.requestWillBeSent", ({ requestId, request }) => names.set(requestId, new URL(request.url).pathname))
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const path = names.get(requestId) ?? ""
    if (!path.startsWith("/api/")) bytes.set(path, encodedDataLength)
  })
  await session.send("Emulation.setCPUThrottlingRate", { rate: slower })
  if (selector) await page.addInitScript(watch(selector))
  return { context, page, bytes }
}

const NOBODY = { cookies: [], origins: [] } as never

/** Frames each second while something is done. */
const frames = (page: Page, ms: number) =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((done) => {
        const begun = performance.now()
        let count = 0
        const one = () => {
          count++
          const passed = performance.now() - begun
          if (passed < wanted) requestAnimationFrame(one)
          else done((count * 1000) / passed)
        }
        requestAnimationFrame(one)
      }),
    ms,
  )

// What no page can be quicker than here: one small file of the same server, and a page that does nothing.
test("nothing at all", async ({ browser, made }) => {
  const shown = []
  const rates = []
  for (let run = 0; run < RUNS; run++) {
    const { context, page } = await fresh(browser, NOBODY, "svg")
    await page.goto(`${made.url}/favicon.svg`)
    shown.push(await seenAt(page))
    rates.push(await frames(page, 1000))
    await context.close()
  }
  figures.empty_page_ms = median(shown)
  figures.empty_fps = median(rates)
})

test("first load", async ({ browser, made, clerk }) => {
  const useful = []
  const door = []
  for (let run = 0; run < RUNS; run++) {
    const out = await fresh(browser, NOBODY, "h1")
    await out.page.goto(made.url)
    door.push(await seenAt(out.page))
    await out.page.waitForLoadState("networkidle")
    await out.context.close()
    const within = await fresh(browser, clerk as never, ".duties a")
    await within.page.goto(made.url)
    useful.push(await seenAt(within.page))
    await within.page.waitForLoadState("networkidle")
    await within.context.close()
    const all = new Map([...out.bytes, ...within.bytes])
    figures.first_load_kb = [...all.values()].reduce((sum, one) => sum + one, 0) / 1000
    figures.files = all.size
  }
  figures.sign_in_ms = median(door)
  figures.first_useful_ms = median(useful)
})

test("interactions", async ({ browser, made, clerk }) => {
  const { context, page } = await fresh(browser, clerk as never)
  await page.addInitScript(() => {
    const found = new Map<number, number>()
    Object.assign(globalThis, { interactions: found })
    new PerformanceObserver((list) => {
      for (const one of list.getEntries() as (PerformanceEntry & { interactionId: number })[])
        if (one.interactionId > 0) found.set(one.interactionId, Math.max(found.get(one.interactionId) ?? 0, one.duration))
    }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit)
  })
  await page.goto(made.url)
  for (let run = 0; run < RUNS; run++) {
    for (const path of ["/trace", "/search", "/inbox", "/outbox", "/late", "/"]) {
      await page.locator(`nav a[href="${path}"]`).click()
      await expect(page.locator(`nav a[href="${path}"]`)).toHaveAttribute("aria-current", "page")
      await page.waitForLoadState("networkidle")
    }
    await page.locator(`nav a[href="/trace"]`).click()
    await page.getByRole("textbox").first().pressSequentially("05/UBND-VX", { delay: 50 })
    await page.keyboard.press("Enter")
    await expect(page.getByText("H41").first()).toBeVisible()
    await page.locator("details summary, button[aria-expanded]").first().click()
  }
  await page.waitForTimeout(500)
  const all = ordered(await page.evaluate(() => [...(globalThis as unknown as { interactions: Map<number, number> }).interactions.values()]))
  expect(all.length).toBeGreaterThan(10)
  figures.interactions = all.length
  figures.interaction_p75_ms = at(all, 0.75)
  await context.close()
})

// On the whole processor, which is what is required, and slowed down like the others.
for (const [key, slower] of [["table_fps", 1], ["table_slow_fps", SLOWER]] as const)
  test(`a long table, ${slower}`, async ({ browser, made, clerk }) => {
    const { context, page } = await fresh(browser, clerk as never, undefined, slower)
    await manyDocuments(page, ROWS)
    await page.goto(`${made.url}/received`)
    const grid = page.getByRole("grid")
    await expect(grid).toBeVisible({ timeout: 120_000 })
    const rates = []
    for (let run = 0; run < RUNS; run++) {
      await grid.hover()
      const counting = frames(page, 3000)
      for (let turn = 0; turn < 60; turn++) {
        await page.mouse.wheel(0, 400)
        await new Promise((passed) => setTimeout(passed, 45))
      }
      rates.push(await counting)
    }
    expect(await grid.evaluate((one) => one.scrollTop)).toBeGreaterThan(10_000)
    figures[key] = median(rates)
    await context.close()
  })

test("a long paper", async ({ browser, made, clerk }) => {
  const { id } = made.put("990", "UBND-VX", readFileSync(await letter(browser, "990/UBND-VX", "tổng hợp số liệu", PAGES)))
  // For who saves data nothing is fetched before it is asked for.
  const opened = async (savesData: boolean) => {
    const { context, page } = await fresh(browser, clerk as never)
    if (savesData) await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }))
    await page.goto(`${made.url}/documents/${id}`)
    const link = page.getByRole("link", { name: "Xem văn bản.pdf" })
    await expect(link).toBeVisible()
    await page.waitForLoadState("networkidle")
    const ahead = await page.evaluate(() => performance.getEntriesByType("resource").some(({ name }) => /pdf/.test(name)))
    expect(ahead).toBe(!savesData)
    await page.evaluate(() => {
      addEventListener("pointerdown", () => {
        const begun = performance.now()
        const look = () => {
          if (document.querySelector("canvas[data-drawn]")) requestAnimationFrame(() => Object.assign(globalThis, { seenAt: performance.now() - begun }))
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }, { once: true, capture: true })
    })
    await link.click()
    const passed = await seenAt(page)
    await context.close()
    return passed
  }
  const waits = []
  const ahead = []
  for (let run = 0; run < RUNS; run++) {
    waits.push(await opened(true))
    ahead.push(await opened(false))
  }
  figures.pdf_first_page_ms = median(waits)
  figures.pdf_ahead_ms = median(ahead)
})

test.afterAll(() => {
  if (env.FIGURES) writeFileSync(env.FIGURES, JSON.stringify(figures))
})
