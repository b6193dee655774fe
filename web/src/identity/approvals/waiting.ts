// How many proposals wait for the reader: at the entry of the navigation.
import { query } from "../../api/client"
import { useMe } from "../me"

/** Of others, since nobody decides their own; nothing for those who take no part. */
export function useWaiting(): number {
  const me = useMe().data
  const takesPart = me?.grants.some((grant) => grant.platform && grant.permissions.includes("platform.operate")) ?? false
  const { data } = query.useQuery(
    "get",
    "/api/v1/approvals",
    { params: { query: { waiting: true, limit: 100 } } },
    { enabled: takesPart, refetchInterval: 60_000 },
  )
  return takesPart ? (data?.items.filter((one) => one.proposed_by !== me?.id).length ?? 0) : 0
}
