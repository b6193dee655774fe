// Whether somebody is signed in on this page. The session itself is in a cookie that no script can read; here is only
// what the page must know of it.
import type { components } from "@truc/client/schema"
import { useSyncExternalStore } from "react"

export type OwnSession = components["schemas"]["OwnSession"]

/** unknown: not asked yet; ended: it was open, and whoever it belonged to is to sign in again. */
export interface SessionState {
  status: "unknown" | "none" | "open" | "ended"
  person: number | undefined
  csrf: string | undefined
}

let state: SessionState = { status: "unknown", person: undefined, csrf: undefined }
let waiting: { promise: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } | undefined
const listeners = new Set<() => void>()

function become(next: SessionState) {
  state = next
  for (const changed of listeners) changed()
}

export const session = {
  now: () => state,

  /** Nobody is signed in, and nobody was. */
  none() {
    become({ status: "none", person: undefined, csrf: undefined })
  },

  /** Somebody has signed in. Somebody else than before starts anew: what is on the page is not theirs. */
  opened(own: OwnSession) {
    if (state.person !== undefined && state.person !== own.person) {
      location.assign("/")
      return
    }
    become({ status: "open", person: own.person, csrf: own.csrf })
    waiting?.resolve()
    waiting = undefined
  },

  /** A call was refused since the session is over. Resolves when it can be made again. */
  renewed(refusal: unknown): Promise<void> {
    if (state.status === "unknown") return Promise.reject(refusal)
    if (!waiting) {
      let resolve = () => {}
      let reject: (reason: unknown) => void = () => {}
      const promise = new Promise<void>((kept, broken) => {
        resolve = kept
        reject = broken
      })
      waiting = { promise, resolve, reject }
      become({ ...state, status: "ended" })
    }
    return waiting.promise
  },
}

export function useSession(): SessionState {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => state,
  )
}
