import { getRouteApi } from "@tanstack/react-router"
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../../api/client"
import { momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import type { TableColumn } from "../../parts/Table"
import { Page } from "../../shell/Page"
import { ClockBadge, StateBadge, UrgencyBadge } from "../words"
import { asQuery, Filters } from "./Filters"
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
  return (
    <Page title={say("inbox.title")} lead={say("inbox.lead")}>
      <Filters to="/inbox" search={search} />
      <Mailbox
        label={say("inbox.title")}
        empty={say("inbox.empty")}
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
      { id: "code", title: say("document.code"), names: true, minWidth: 130, cell: (row) => row.code || row.document },
      { id: "urgency", title: say("document.urgency"), minWidth: 110, cell: (row) => <Urgency of={row.urgency} /> },
      { id: "subject", title: say("document.subject"), share: 3, minWidth: 180, cell: (row) => row.subject },
      { id: "sender", title: say("document.sender"), share: 2, minWidth: 120, cell: (row) => row.sender.name || row.sender.code },
      { id: "at", title: say("document.accepted"), minWidth: 150, cell: (row) => momentText(row.accepted_at, language) },
      { id: "clock", title: say("document.due"), minWidth: 220, cell: (row) => <Due of={row} /> },
      { id: "state", title: say("document.state"), minWidth: 180, cell: (row) => <StateBadge state={row.state} /> },
    ],
    [say, language],
  )
}

const Urgency = ({ of }: { of: number }) => (of > 0 ? <UrgencyBadge urgency={of} /> : "–")

function Due({ of }: { of: Delivery }) {
  const clock = of.clocks.find((one) => one.stopped === undefined)
  return clock ? <ClockBadge clock={clock} /> : "–"
}
