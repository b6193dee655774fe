// A secret on its way from the form that made it to the page that shows it once: in this page's memory and nowhere else.
import { useSyncExternalStore } from "react"

const secrets = new Map<string, string>()
const listeners = new Set<() => void>()

export function keepSecret(system: string, secret: string) {
  secrets.set(system, secret)
  for (const heard of listeners) heard()
}

export function forgetSecret(system: string) {
  secrets.delete(system)
  for (const heard of listeners) heard()
}

export function useSecret(system: string): string | undefined {
  return useSyncExternalStore(
    (heard) => {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
    () => secrets.get(system),
  )
}
