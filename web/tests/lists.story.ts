// Lists that say what they are about at any width, and days by keyboard.
import { dayField, seesDay, typeDay } from "./typing"
import { expect, test } from "./world"

test.describe("somebody at a desk", () => {
  test.use({ storageState: ({ clerk }, use) => use(clerk), locale: "en-US" })

  test("types, pastes, chooses and deletes a day by keyboard alone, the day first in an English browser too", async ({ page, made }) => {
    await page.goto(`${made.url}/outbox`)
    await seesDay(page, "Từ ngày", "dd/mm/yyyy")
    await typeDay(page, "Từ ngày", "01112026")
    await expect(page).toHaveURL(/from=2026-11-01/)
    await seesDay(page, "Từ ngày", "01/11/2026")

    const first = dayField(page, "Từ ngày").getByRole("spinbutton").first()
    await first.focus()
    await first.evaluate((element) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData("text", "2/9/2026")
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }))
    })
    await expect(page).toHaveURL(/from=2026-09-02/)

    await page.keyboard.press("Alt+ArrowDown")
    const month = page.getByRole("grid", { name: /tháng 9 năm 2026/i })
    await expect(month.locator("th").first()).toHaveText("T2")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(month).toHaveCount(0)
    await expect(page).toHaveURL(/from=2026-09-03/)

    await dayField(page, "Từ ngày").getByRole("spinbutton").last().focus()
    for (let presses = 0; presses < 10; presses += 1) await page.keyboard.press("Backspace")
    await expect(page).not.toHaveURL(/from=/)
    await seesDay(page, "Từ ngày", "dd/mm/yyyy")
  })

  test("sees in the outbox to whom it went and how many have it", async ({ page, made }) => {
    await page.goto(`${made.url}/outbox`)
    const letter = page.getByRole("row", { name: /05\/UBND-VX/ })
    await expect(letter).toContainText("và 2 nơi khác")
    await expect(letter).toContainText("1/3 nơi đã nhận")
    await expect(page.getByRole("row", { name: /12\/UBND-TH/ })).toContainText("40/628 nơi đã nhận")
  })

  for (const width of [1440, 1024, 800])
    test(`reads lists of documents without scrolling sideways or losing a number: ${width} px`, async ({ page, made }) => {
      await page.setViewportSize({ width, height: 900 })
      for (const path of ["/inbox", "/outbox", "/received", `/documents/${made.letter}?tab=board`]) {
        await page.goto(made.url + path)
        const table = page.getByRole("grid")
        await expect(table).toBeVisible()
        await page.waitForLoadState("networkidle")
        expect(await table.evaluate((one) => one.scrollWidth - one.clientWidth), path).toBeLessThanOrEqual(0)
        // But those of a hundred letters, which strangers make; they stand whole on the page of the document.
        const cut = await table.locator("[role=rowheader] .text, [role=gridcell] .badge").evaluateAll((all) =>
          all
            .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
            .map((one) => one.textContent)
            .filter((text) => text.length < 100),
        )
        expect(cut, path).toEqual([])
        const outside = await table.locator("[role=rowheader], [role=gridcell]").evaluateAll((all) =>
          all.filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent),
        )
        expect(outside, path).toEqual([])
      }
    })

  test("is told that a filter hides what there is, and takes it away", async ({ page, made }) => {
    await page.goto(`${made.url}/received?to=2000-01-01`)
    await expect(page.getByText("Không có văn bản nào hợp với bộ lọc đang đặt.")).toBeVisible()
    await page.getByRole("button", { name: "Xem tất cả" }).click()
    await expect(page.getByText("77/BNV-CCHC").first()).toBeVisible()
  })

  test("goes on to the next page where the first has no rows", async ({ page, made }) => {
    let asked = 0
    await page.route(/\/api\/v1\/deliveries\?/, async (route) => {
      asked += 1
      if (new URL(route.request().url()).searchParams.has("cursor")) return route.continue({ url: `${made.url}/api/v1/deliveries?limit=100` })
      return route.fulfill({ json: { items: [], next: "/api/v1/deliveries?limit=100&cursor=next" } })
    })
    await page.goto(`${made.url}/inbox`)
    await expect(page.getByText("77/BNV-CCHC").first()).toBeVisible()
    expect(asked).toBeGreaterThan(1)
  })

  test("finds the documents that others are late with by their number", async ({ page, made }) => {
    const party = { code: "G09", name: "Bộ Nội vụ" }
    const clock = { rule: "receipt", urgent: true, started: "2026-11-20T02:00:00Z", paused: false, due: "2026-11-20T02:01:00Z", late: true, late_minutes: 95 }
    const late = (delivery: string, recipient: object) => ({ delivery, document: made.letter, code: "05/UBND-VX", subject: "Về việc phối hợp rà soát thủ tục hành chính", sender: { code: "H49", name: "" }, recipient, clock })
    await page.route(/\/api\/v1\/late\?/, (route) => route.fulfill({ json: { total: 2, items: [late("a", party), late("b", { code: "H41", name: "" })] } }))
    await page.goto(made.url)
    await expect(page.getByRole("link", { name: "Theo dõi 05/UBND-VX: 2 nơi chưa xác nhận đã nhận" })).toBeVisible()
    await expect(page.getByText("Về việc phối hợp rà soát thủ tục hành chính").first()).toBeVisible()
    await expect(page.getByText(/^Còn .* làm việc$/).first()).toBeVisible()
    await page.goto(`${made.url}/late`)
    await expect(page.getByRole("row", { name: /05\/UBND-VX/ }).first()).toContainText("Bộ Nội vụ")
  })
})

test.describe("somebody at the door", () => {
  test("sees no other way to sign in where none is configured, and the one that is", async ({ page, made }) => {
    const asked = page.waitForResponse(/session\/oidc\/callback/)
    await page.goto(made.url)
    await asked
    await expect(page.getByText("Dùng mật khẩu")).toBeVisible()
    await expect(page.getByText("Dùng dịch vụ đăng nhập chung")).toHaveCount(0)
    await page.route(/session\/oidc\/callback/, (route) =>
      route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ reason: "identity.ceremony_over" }) }),
    )
    await page.reload()
    await page.getByText("Dùng dịch vụ đăng nhập chung").click()
    await expect(page.getByRole("button", { name: "Tới dịch vụ đăng nhập" })).toBeVisible()
  })
})
