import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { Page } from "@playwright/test"
import { AXE_COUNT, LANGUAGES, open, SCREENS, THEMES } from "./screens"
import { expect, seenBy, test } from "./world"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf-8")

interface Violation {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

/** By evaluation and not as a script of the page: the policy would refuse that. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (context: object, options: object) => Promise<{ violations: Violation[] }> } }
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    // Cards are alike: the first of a long list are looked at.
    return (await axe.run({ exclude: [".cards > li:nth-child(n + 50)"] }, { runOnly: { type: "tag", values: tags } })).violations
  })
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`))
}

/** What is wider than the window, other than what scrolls by itself. */
const overflow = (page: Page) =>
  page.evaluate(() => {
    const root = document.documentElement
    if (root.scrollWidth <= root.clientWidth) return []
    return [...document.querySelectorAll("body *")]
      .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 5)
      .map((one) => one.outerHTML.slice(0, 160))
  })

for (const screen of SCREENS) {
  test.describe(screen.name, () => {
    test.use({ storageState: ({ clerk, auditor, connector }, use) => use(seenBy(screen.who ?? "clerk", { clerk, auditor, connector })) })

    for (const language of LANGUAGES)
      test(`axe finds nothing, and it fits 320 px: ${language}`, async ({ page, made }, { annotations }) => {
        await open(page, made, screen, language, "light")
        await expect(page.locator("html")).toHaveAttribute("lang", language)
        const found: string[] = []
        for (const theme of THEMES) {
          await page.evaluate((shown) => (document.documentElement.dataset.theme = shown), theme)
          found.push(...(await violations(page)).map((one) => `${theme}: ${one}`))
        }
        await page.setViewportSize({ width: 320, height: 720 })
        await screen.ready(page, made)
        expect(await overflow(page)).toEqual([])
        found.push(...(await violations(page)).map((one) => `320 px: ${one}`))
        annotations.push({ type: AXE_COUNT, description: String(found.length) })
        expect(found).toEqual([])
      })

    test("overflows nothing when every text is half as long again", async ({ page, made }) => {
      await longer(page)
      await page.goto(made.url + screen.path(made))
      await expect(page.locator("main")).toContainText("⟦")
      await page.waitForLoadState("networkidle")
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 720 })
        await expect(page.locator("h1")).toBeVisible()
        expect(await overflow(page)).toEqual([])
      }
    })
  })
}

/** Puts a made-up language in the place of Vietnamese: longer, and marked, so that a text from elsewhere shows. */
async function longer(page: Page) {
  await page.route(/\/assets\/vi-[^/]+\.js$/, async (route) => {
    const answer = await route.fetch()
    const module = (await import(`data:text/javascript,${encodeURIComponent(await answer.text())}`)) as Record<string, unknown>
    const name = Object.keys(module).find((one) => typeof module[one] === "object") ?? "default"
    const stretched = Object.fromEntries(
      Object.entries(module[name] as Record<string, Message>).map(([key, message]) => [key, stretch(message)]),
    )
    await route.fulfill({ response: answer, body: `const made=${JSON.stringify(stretched)};export{made as ${name}}` })
  })
}

type Message = string | { type: number; value: string }[]

/** A text, or the parts of one with values, of which those of type 0 are text. */
function stretch(message: Message): Message {
  if (typeof message === "string") return `⟦${message} ${"ễ".repeat(Math.ceil(message.length / 4))} ễ ễ⟧`
  return [{ type: 0, value: "⟦" }, ...message, { type: 0, value: ` ${"ễ".repeat(8)} ễ ễ⟧` }]
}
