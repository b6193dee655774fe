import { useSyncExternalStore } from "react"

const narrow = () => matchMedia("(max-width: 48rem)")

/** Whether the window is too narrow for a table. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = narrow()
      query.addEventListener("change", changed)
      return () => query.removeEventListener("change", changed)
    },
    () => narrow().matches,
  )
}
