import { expect, test } from "./world"

test.use({ storageState: ({ clerk }, use) => use(clerk) })

// "At once" is a minute in this State.
test("what is late is named by its number, subject and recipient", async ({ page, made }) => {
  test.setTimeout(150_000)
  await expect(async () => {
    await page.goto(`${made.url}/late`)
    await expect(page.getByRole("row", { name: /05\/UBND-VX/ }).first()).toBeVisible({ timeout: 3000 })
  }).toPass({ timeout: 120_000, intervals: [5000] })
  const row = page.getByRole("row", { name: /05\/UBND-VX/ }).first()
  await expect(row).toContainText("Về việc phối hợp rà soát thủ tục hành chính")
  await expect(row).toContainText("Bộ Nội vụ")
  await expect(page.getByText(made.letter)).toHaveCount(0)
  await row.getByRole("rowheader").click()
  await expect(page).toHaveURL(/trace\?find=/)
})
