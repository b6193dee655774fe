// Pages ask again for what changes, and asking keeps a session open. Whoever has not touched the page for half an hour
// has left it: nothing is asked for by itself until they are back, so that a session on a forgotten desk ends in time.
import { focusManager } from "@tanstack/react-query"

export const LEFT_MS = 30 * 60_000
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchmove"] as const

/** From now on queries are asked again only while the page is seen and somebody is there. */
export function watchPresence(): void {
  focusManager.setEventListener((tell) => {
    let timer: ReturnType<typeof setTimeout>
    const seen = () => tell(document.visibilityState !== "hidden")
    const touched = () => {
      clearTimeout(timer)
      timer = setTimeout(() => tell(false), LEFT_MS)
      seen()
    }
    touched()
    for (const one of TOUCHES) addEventListener(one, touched, { passive: true })
    addEventListener("visibilitychange", touched)
    return () => {
      clearTimeout(timer)
      for (const one of TOUCHES) removeEventListener(one, touched)
      removeEventListener("visibilitychange", touched)
    }
  })
}
