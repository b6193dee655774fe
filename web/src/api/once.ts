// A form that is sent again since its answer was lost must not have a second effect.
import { useRef } from "react"

/** The header for a request: the same as long as what is sent is the same, another one as soon as it differs. */
export function useOnce(): (body: object) => { "Idempotency-Key": string } {
  const last = useRef({ body: "", key: "" })
  return (body) => {
    const written = JSON.stringify(body)
    if (last.current.body !== written) last.current = { body: written, key: crypto.randomUUID() }
    return { "Idempotency-Key": last.current.key }
  }
}
