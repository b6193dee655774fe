import { resolve } from "node:path"
import { open, SCREENS } from "./screens"
import { seenBy, test } from "./world"

const OUT = resolve(import.meta.dirname, "../../build/pictures")
const LOOKS = [
  { name: "desk", size: { width: 1366, height: 860 }, language: "vi", theme: "light" },
  { name: "desk-en-dark", size: { width: 1366, height: 860 }, language: "en", theme: "dark" },
  { name: "tablet-contrast", size: { width: 820, height: 1180 }, language: "vi", theme: "contrast" },
  { name: "phone", size: { width: 320, height: 720 }, language: "vi", theme: "light" },
]

test.beforeAll(async ({ made: _ }) => {
  test.setTimeout(300_000)
  // Express documents are late after a minute here.
  await new Promise((passed) => setTimeout(passed, 60_000))
})
test.setTimeout(120_000)

for (const screen of SCREENS) {
  test.describe(screen.name, () => {
    test.use({ storageState: ({ clerk, auditor, connector }, use) => use(seenBy(screen.who ?? "clerk", { clerk, auditor, connector })) })
    for (const look of LOOKS)
      test(look.name, async ({ page, made }) => {
        await page.setViewportSize(look.size)
        await open(page, made, screen, look.language, look.theme)
        await page.screenshot({ path: `${OUT}/${screen.name}.${look.name}.png`, fullPage: look.name === "phone" })
      })
  })
}
