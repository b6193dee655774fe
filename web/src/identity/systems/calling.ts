// How a system calls, as it happens: each answer of the exchange names its version, and the next one waits until there
// is another.
import { useEffect, useState } from "react"
import { ProblemError } from "@truc/client/problem"
import { api, Disconnected, given, type Schemas } from "../../api/client"

export type Calls = Schemas["SystemCalls"]

const WAIT_S = 25
const PAUSE_MS = 1000 // before the first call that waits: whoever only passes by holds none
const PAUSE_MOST_MS = 15_000

interface Seen {
  system: string
  calls?: Calls
  error?: unknown
}

/** What is known of its calls, always of now while the page is in view; `error` when it cannot be asked. */
export function useCalls(system: string): Omit<Seen, "system"> {
  const [seen, setSeen] = useState<Seen>({ system })
  useEffect(() => {
    const stop = new AbortController()
    void follow(system, stop.signal, (calls) => setSeen({ system, calls })).catch((error: unknown) => {
      if (!stop.signal.aborted) setSeen((before) => ({ ...before, system, error }))
    })
    return () => stop.abort()
  }, [system])
  return seen.system === system ? seen : {}
}

async function follow(system: string, signal: AbortSignal, tell: (calls: Calls) => void) {
  let known: string | undefined
  for (let failures = 0; !signal.aborted; ) {
    await inView(signal)
    try {
      const query = known === undefined ? {} : { wait: WAIT_S, known }
      const calls = await given(api.GET("/api/v1/systems/{system}/calls", { params: { path: { system }, query }, signal }))
      if (known !== calls.version) tell(calls)
      if (known === undefined) await pause(PAUSE_MS, signal)
      known = calls.version
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      if (!passes(error)) throw error
      await pause(Math.min(PAUSE_MOST_MS, 500 * 2 ** failures++), signal)
    }
  }
}

/** No network, too many calls, a server that starts anew. */
const passes = (error: unknown) => error instanceof Disconnected || (error instanceof ProblemError && (error.status === 429 || error.status >= 500))

// A tab behind others would hold one of the few connections that a browser opens to a server.
function inView(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return
      document.removeEventListener("visibilitychange", look)
      resolve()
    }
    document.addEventListener("visibilitychange", look)
    signal.addEventListener("abort", look)
    look()
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
