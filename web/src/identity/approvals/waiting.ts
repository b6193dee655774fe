// The proposals that wait for the reader: at the entry of the navigation, and on the first page.
import { query, type Schemas } from "../../api/client"
import { useMe } from "../me"

const LAPSES_MS = 7 * 86_400_000

/** When nobody may decide it any more. */
export const lapseOf = ({ proposed_at }: Schemas["Approval"]) => new Date(Date.parse(proposed_at) + LAPSES_MS)

/** Of others, since nobody decides their own; none for those who take no part. */
export function useDecisions() {
  const me = useMe().data
  const takesPart = me?.grants.some((grant) => grant.platform && grant.permissions.includes("platform.operate")) ?? false
  const found = query.useQuery(
    "get",
    "/api/v1/approvals",
    { params: { query: { waiting: true, limit: 100 } } },
    { enabled: takesPart, refetchInterval: 60_000 },
  )
  const items = takesPart ? (found.data?.items.filter((one) => one.proposed_by !== me?.id) ?? []) : []
  return { found, items }
}
