import { useCallback } from "react"
import { useSay } from "../../language/language"
import { isKind } from "./kinds"

/** What happened, in words; a kind that this program does not know yet as it is written. */
export function useKindText(): (entry: { kind: string; body?: unknown }) => string {
  const say = useSay()
  return useCallback(
    ({ kind, body }) => {
      const message = kind === "accepted" && typeof body === "object" && body !== null && "kind" in body && body.kind === "status"
      if (message) return say("journal.statusAccepted")
      return isKind(kind) ? say(`journal.kind.${kind}`) : kind
    },
    [say],
  )
}
