// What the stories of one worker share: the State in miniature, and people who are signed in.
import { test as base, type Browser, type BrowserContext } from "@playwright/test"
import { enrol, withPasskeys } from "./people"
import { Place, type Made } from "./place"

type State = Awaited<ReturnType<BrowserContext["storageState"]>>

/** What the browser of somebody keeps who has signed in. */
async function signedIn(browser: Browser, made: Made, who: keyof Made["codes"]): Promise<State> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await withPasskeys(context, page)
  await enrol(page, made, who)
  const state = await context.storageState()
  await context.close()
  return state
}

export const test = base.extend<{ complaints: string[] }, { made: Made; clerk: State; auditor: State; connector: State; second: State }>({
  made: [
    async ({ browserName: _ }, use) => {
      const place = new Place()
      const made = await place.start()
      await use(made)
      place.stop()
    },
    { scope: "worker", timeout: 180_000 },
  ],
  clerk: [async ({ browser, made }, use) => use(await signedIn(browser, made, "clerk")), { scope: "worker", timeout: 60_000 }],
  auditor: [async ({ browser, made }, use) => use(await signedIn(browser, made, "auditor")), { scope: "worker", timeout: 60_000 }],
  connector: [async ({ browser, made }, use) => use(await signedIn(browser, made, "connector")), { scope: "worker", timeout: 60_000 }],
  second: [async ({ browser, made }, use) => use(await signedIn(browser, made, "second")), { scope: "worker", timeout: 60_000 }],
  // What the browser complains of: policy, scripts, hosts that are not ours. Nothing, at the end of every story.
  complaints: [
    async ({ page, made }, use) => {
      const complaints: string[] = []
      page.on("console", (message) => {
        if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text())
      })
      page.on("pageerror", (error) => complaints.push(String(error)))
      page.on("request", (request) => {
        if (!request.url().startsWith(made.url) && !/^(data|blob):/.test(request.url())) complaints.push(request.url())
      })
      await use(complaints)
      base.expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

/** Who looks at a screen, by what their browser keeps. */
export const seenBy = (who: "stranger" | "clerk" | "auditor" | "connector", people: { clerk: State; auditor: State; connector: State }): State =>
  who === "stranger" ? { cookies: [], origins: [] } : people[who]

export { expect } from "@playwright/test"
