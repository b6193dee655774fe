// Figures that follow what happens while somebody looks at them.
import { useState } from "react"
import type { Language } from "../language/language"

export const EVERY_MS = 15_000

export interface Live {
  paused: boolean
  pause: (paused: boolean) => void
  /** For a query: asked anew every 15 seconds, not while the page is hidden and not while it is paused. */
  fresh: { refetchInterval: number | false; refetchOnWindowFocus: boolean }
}

export function useLive(): Live {
  const [paused, pause] = useState(false)
  return { paused, pause, fresh: { refetchInterval: !paused && EVERY_MS, refetchOnWindowFocus: !paused } }
}

/** "14:05:09", in Viet Nam. */
export function secondsText(moment: number, language: Language): string {
  const form = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh" } as const
  return new Intl.DateTimeFormat(language === "vi" ? "vi-VN" : "en-GB", form).format(moment)
}
