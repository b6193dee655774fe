import { lazy, Suspense, useSyncExternalStore } from "react"

const load = () => import("./Toasts")
const Toasts = lazy(async () => ({ default: (await load()).Toasts }))
const listeners = new Set<() => void>()
let told = false

/** Tells it to whoever looks at the page; `text` is in their language. */
export function tell(text: string) {
  told = true
  for (const changed of listeners) changed()
  void load().then(({ add }) => add(text))
}

/** Where it appears; nothing before something is told. */
export function ToastPlace() {
  const shown = useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => told,
  )
  return shown ? (
    <Suspense>
      <Toasts />
    </Suspense>
  ) : null
}
