import type { Page } from "@playwright/test"

/**
 * From the next page on, lists of documents come with so many rows in one answer: the server's own first page over and
 * over, numbered. No list of the API is that long, as it comes in pages. In the page, since such an answer takes longer
 * through the tools of a browser than through anything that is looked at here.
 */
export const manyDocuments = (page: Page, rows: number) =>
  page.addInitScript((count) => {
    const ask = globalThis.fetch
    globalThis.fetch = async (asked, options) => {
      const answer = await ask(asked, options)
      if (!(asked instanceof Request) || !/\/api\/v1\/documents\?/.test(asked.url)) return answer
      const { items } = (await answer.json()) as { items: object[] }
      const all = Array.from({ length: count }, (_, place) => ({ ...items[place % items.length], id: place.toString(16).padStart(24, "0"), code: `${place + 1}/VT` }))
      return new Response(JSON.stringify({ items: all }), { headers: { "Content-Type": "application/json" } })
    }
  }, rows)
