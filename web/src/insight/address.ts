import { getRouteApi, useNavigate } from "@tanstack/react-router"
import type { FigureSearch } from "../shell/router"

const route = getRouteApi("/figures")
type Plain = ReturnType<typeof route.useSearch>

/** Changes what the page of figures shows; what is undefined or empty leaves the address. */
export function useChange(): (changed: FigureSearch) => void {
  const navigate = useNavigate()
  const now = route.useSearch()
  return (changed) => {
    const all = Object.entries({ ...now, ...changed }).filter(([, value]) => value !== undefined && value !== "")
    void navigate({ to: "/figures", search: Object.fromEntries(all) as Plain, replace: true, resetScroll: false })
  }
}

/** Where the page of figures would be with these changes, as an address. */
export function useAddress(): (changed: FigureSearch) => string {
  const now = route.useSearch()
  return (changed) => {
    const all = Object.entries({ ...now, ...changed }).filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "")
    return `/figures?${new URLSearchParams(all).toString()}`
  }
}
