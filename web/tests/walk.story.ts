import { expect, test } from "./world"

test.use({ storageState: ({ clerk }, use) => use(clerk) })

// What one page keeps of the server's answers is not what another one takes for its own.
test("somebody goes from their duties through every place and back", async ({ page, made }) => {
  await page.goto(made.url)
  await expect(page.getByRole("link", { name: /128\/BTC-NSNN/ })).toBeVisible()
  const places = page.locator("nav.side a")
  for (const name of [...(await places.allInnerTexts()), "Việc của tôi"]) {
    await places.filter({ hasText: name }).click()
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible()
    await page.waitForLoadState("networkidle")
    await expect(page.getByRole("alert").filter({ hasText: "Không làm được" })).toHaveCount(0)
  }
})
