// Whether a system has called the exchange: today from what the exchange says of the organisations that it serves, and
// from its credentials. The one place to change when it says so of the system itself.
import { query, type Schemas } from "../../api/client"

const LOOK_AGAIN_MS = 3000

/** When it last called; "" while it never has, nothing while that is not known. Asks again until it has. */
export function useLastCall({ id, organisations }: Schemas["System"]): string | undefined {
  const [code = ""] = organisations
  const again = ({ state }: { state: { data?: unknown } }) => (calledIn(state.data) ? false : LOOK_AGAIN_MS)
  const served = query.useQuery(
    "get",
    "/api/v1/organisations/{code}/capabilities",
    { params: { path: { code } } },
    { enabled: code !== "", refetchInterval: again, staleTime: 0 },
  )
  const credentials = query.useQuery(
    "get",
    "/api/v1/systems/{system}/credentials",
    { params: { path: { system: id } } },
    { refetchInterval: again },
  )
  if (!served.data && !credentials.data) return undefined
  const times = [served.data?.last_seen, ...(credentials.data?.items ?? []).map((one) => one.used_at)].filter((at) => at !== undefined)
  return times.sort().at(-1) ?? ""
}

function calledIn(data: unknown): boolean {
  const said = (data ?? {}) as { last_seen?: string; items?: { used_at?: string }[] }
  return said.last_seen !== undefined || (said.items ?? []).some((one) => one.used_at !== undefined)
}
