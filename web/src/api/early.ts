// What every page asks for first, asked before the rest of the application is here; `send()` of client.ts takes the
// answers. Small and without imports: it is the first that runs.
const asked = new Map<string, Promise<Response>>()

const FIRST = ["/api/v1/session", "/api/v1/me"]

/** Who is signed in, and what they may, in that language. */
export function askEarly(language: string) {
  for (const path of FIRST) {
    // Read to its end at once: an answer that nobody takes would stay open.
    const answer = fetch(path, { headers: { Accept: "application/json", "Accept-Language": language } }).then(
      async (one) => new Response(await one.arrayBuffer(), one),
    )
    answer.catch(() => undefined) // whoever takes it is told
    asked.set(path, answer)
  }
}

/** The answer to this request, once, if it was asked for and is one; otherwise it is to be asked for as ever. */
export async function earlyAnswer({ method, url }: Request): Promise<Response | undefined> {
  if (asked.size === 0 || method !== "GET") return undefined
  const { pathname, search } = new URL(url)
  const answer = asked.get(pathname + search)
  asked.delete(pathname + search)
  const found = await answer?.catch(() => undefined)
  return found?.ok ? found : undefined
}
