import { useState } from "react"

/** What is typed into a field of which the address has a value; it begins anew when the address says something else. */
export function useTyped(said: string): [string, (typed: string) => void] {
  const [state, setState] = useState({ said, typed: said })
  if (state.said !== said) setState({ said, typed: said })
  return [state.typed, (typed) => setState({ said, typed })]
}
