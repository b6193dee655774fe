import { getRouteApi } from "@tanstack/react-router"
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../../api/client"
import { useLanguage, useSay } from "../../language/language"
import type { TableColumn } from "../../parts/Table"
import { Page } from "../../shell/Page"
import { ClockBadge, StateBadge } from "../words"
import { naming } from "./columns"
import { Moment } from "../Moment"
import { asQuery, Filters, useClear } from "./Filters"
import { Mailbox } from "./Mailbox"

type Delivery = Schemas["Delivery"]
const route = getRouteApi("/inbox")
const REFRESH_MS = 60_000

/** What waits for the reader's organisations: urgent first, then the oldest. */
export function Inbox() {
  const say = useSay()
  const search = route.useSearch()
  const pages = query.useInfiniteQuery(
    "get",
    "/api/v1/deliveries",
    { params: { query: { limit: 100, ...asQuery(search) } } },
    { ...byCursor, refetchInterval: REFRESH_MS },
  )
  const columns = useColumns()
  const clear = useClear("/inbox", search)
  return (
    <Page title={say("inbox.title")} lead={say("inbox.lead")}>
      <Filters to="/inbox" search={search} />
      <Mailbox
        label={say("inbox.title")}
        empty={say("inbox.empty")}
        onClear={clear}
        pages={pages}
        columns={columns}
        rowId={(row) => row.id}
        rowHref={(row) => `/documents/${row.document}`}
      />
    </Page>
  )
}

function useColumns(): TableColumn<Delivery>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(
    () => [
      ...naming<Delivery>(say, language, (row) => row.document),
      { id: "sender", title: say("document.sender"), minWidth: 170, cell: (row) => row.sender.name || row.sender.code },
      { id: "at", title: say("document.accepted"), width: 116, below: { column: "sender", when: 2 }, cell: (row) => <Moment at={row.accepted_at} /> },
      { id: "clock", title: say("document.due"), width: 176, cell: (row) => <Due of={row} /> },
      { id: "state", title: say("document.state"), width: 176, below: { column: "clock", when: 1 }, cell: (row) => <StateBadge state={row.state} /> },
    ],
    [say, language],
  )
}

function Due({ of }: { of: Delivery }) {
  const clock = of.clocks.find((one) => one.stopped === undefined)
  return clock ? <ClockBadge clock={clock} /> : "–"
}
