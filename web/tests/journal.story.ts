import { expect, test } from "./world"

test.describe("the journal, for an auditor", () => {
  test.use({ storageState: ({ auditor }, use) => use(auditor) })

  test("filters it, sees the chain's verdict, and takes the table along", async ({ page, made }) => {
    await page.goto(`${made.url}/journal`)
    await expect(page.getByText(/Chuỗi nhật ký (nguyên vẹn|đang được kiểm tra)/)).toBeVisible()
    await page.getByRole("button", { name: /^Việc/ }).or(page.getByRole("button", { name: /Mọi việc/ })).first().click()
    await page.getByRole("option", { name: "Trục tiếp nhận văn bản" }).click()
    await page.getByLabel("Do ai").fill("G12")
    await page.getByRole("button", { name: "Lọc", exact: true }).click()
    await expect(page).toHaveURL(/actor=G12.*kind=accepted|kind=accepted.*actor=G12/)
    await expect(page.getByRole("rowheader").first()).toHaveText(/^Trục tiếp nhận/)
    await expect(page.getByRole("row").filter({ hasNotText: "Bộ Tài chính (G12)" })).toHaveCount(1) // the headings
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Xuất CSV" }).click()])
    expect(download.suggestedFilename()).toBe("truc-journal.csv")
    await page.goto(`${made.url}/journal?kind=khong-co-loai-nay`)
    await expect(page.locator(".state")).toBeVisible()
    await expect(page.getByRole("link", { name: "Nền tảng" })).toHaveCount(0)
  })

  test("reads an entry in words, follows it to the document, and comes back to the list", async ({ page, made }) => {
    await page.goto(`${made.url}/journal?subject=${made.letter}`)
    await page.getByRole("rowheader", { name: "Trục tiếp nhận văn bản" }).click()
    const entry = page.getByRole("dialog", { name: /^Mục [\d.]+: Trục tiếp nhận văn bản$/ })
    await expect(entry).toBeVisible()
    await expect(page).toHaveURL(/entry=\d+/)
    const told = (label: string) => entry.locator("dt").filter({ hasText: new RegExp(`^${label}$`) }).locator("+ dd")
    await expect(told("Do ai")).toHaveText("UBND tỉnh Quảng Ninh (H49)")
    await expect(told("Gửi tới")).toContainText("Bộ Nội vụ (G09)")
    await expect(told("Độ khẩn")).toHaveText("Khẩn")
    await expect(entry.locator("pre")).toBeHidden()
    await entry.getByText("Xem đúng như đã ghi").click()
    await expect(entry.locator("pre")).toContainText('"kind": "edoc"')
    await page.keyboard.press("Escape")
    await expect(entry).toBeHidden()
    await expect(page).not.toHaveURL(/entry=/)
    await page.getByRole("rowheader", { name: "Trục tiếp nhận văn bản" }).click()
    await entry.getByRole("link", { name: /^Văn bản / }).click()
    await expect(page).toHaveURL(/\/trace\?find=/)
    await page.goBack()
    await expect(entry).toBeVisible()
    await entry.getByRole("link", { name: "Mọi mục do người, nơi này làm" }).click()
    await expect(page).toHaveURL(/\/journal\?actor=H49$/)
    await expect(page.getByLabel("Do ai")).toHaveValue("H49")
  })

  test("is told where an entry of an address is not among those that are shown", async ({ page, made }) => {
    await page.goto(`${made.url}/journal?subject=${made.letter}&entry=999999`)
    await expect(page.getByText("Mục 999.999 không nằm trong phần đã tải.")).toBeVisible()
  })

  test("finds words for everything that happened here", async ({ page, made }) => {
    const kinds = new Set<string>()
    const entries: { seq: number; kind: string; subject: string }[] = []
    for (let next: string | undefined = "/api/v1/journal?limit=200"; next; ) {
      const answer = await page.request.get(new URL(next, made.url).href)
      const { items, next: more } = (await answer.json()) as { items: typeof entries; next?: string }
      entries.push(...items.filter(({ kind }) => !kinds.has(kind) && kinds.add(kind)))
      next = more
    }
    expect(kinds.size).toBeGreaterThan(12)
    for (const { seq, kind, subject } of entries) {
      await page.goto(`${made.url}/journal?kind=${kind}${subject ? `&subject=${encodeURIComponent(subject)}` : ""}&entry=${seq}`)
      const entry = page.getByRole("dialog")
      await expect(entry, kind).toBeVisible()
      await expect(entry.getByRole("heading"), kind).not.toContainText(kind)
      expect(await entry.locator(".unworded").allTextContents(), kind).toEqual([])
    }
  })
})
