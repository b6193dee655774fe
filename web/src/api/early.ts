// What every page asks for first, asked before the rest of the application is here; `send()` of client.ts takes the
// answers. Small and without imports: it is the first that runs.
const asked = new Map<string, Promise<Response>>()

/** Read to its end at once: an answer that nobody takes would stay open. `then` sees what it says. */
function ask(path: string, language: string, then: (said: string) => void = () => undefined) {
  const answer = fetch(path, { headers: { Accept: "application/json", "Accept-Language": language } }).then(async (one) => {
    const body = await one.arrayBuffer()
    if (one.ok) then(new TextDecoder().decode(body))
    return new Response(body, one)
  })
  answer.catch(() => undefined) // whoever takes it is told
  asked.set(path, answer)
}

/** Who is signed in, and what they may, in that language; then the lists for which they have the permission. */
export function askEarly(language: string, lists: Readonly<Record<string, string>> = {}) {
  ask("/api/v1/session", language)
  ask("/api/v1/me", language, (me) => {
    for (const [permission, path] of Object.entries(lists)) if (me.includes(`"${permission}"`)) ask(path, language)
  })
}

/**
 * The answer to this request, once, if it was asked for and is one, or says that nobody is signed in; otherwise it is to
 * be asked for as ever.
 */
export async function earlyAnswer({ method, url }: Request): Promise<Response | undefined> {
  if (asked.size === 0 || method !== "GET") return undefined
  const { pathname, search } = new URL(url)
  const answer = asked.get(pathname + search)
  asked.delete(pathname + search)
  const found = await answer?.catch(() => undefined)
  return found?.ok || found?.status === 401 ? found : undefined
}
