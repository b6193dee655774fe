import { getRouteApi } from "@tanstack/react-router"
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../../api/client"
import { dayText, momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import type { TableColumn } from "../../parts/Table"
import { Page } from "../../shell/Page"
import type { MailboxSearch } from "../../shell/router"
import { SignatureBadge, UrgencyBadge } from "../words"
import { asQuery, Filters } from "./Filters"
import { Mailbox } from "./Mailbox"

type Document = Schemas["Document"]
type Box = "sent" | "received"
const PATHS = { sent: "/outbox", received: "/received" } as const
const routes = { sent: getRouteApi("/outbox"), received: getRouteApi("/received") }
const SAID = {
  sent: { title: "outbox.title", lead: "outbox.lead", empty: "outbox.empty" },
  received: { title: "received.title", lead: "received.lead", empty: "received.empty" },
} as const

/** What the reader's organisations have sent, the newest first. */
export const Outbox = () => <Documents box="sent" search={routes.sent.useSearch()} />

/** What they have received, taken or not. */
export const Received = () => <Documents box="received" search={routes.received.useSearch()} />

function Documents({ box, search }: { box: Box; search: MailboxSearch }) {
  const say = useSay()
  const path = PATHS[box]
  const { title, lead, empty } = SAID[box]
  const pages = query.useInfiniteQuery(
    "get",
    "/api/v1/documents",
    { params: { query: { box, limit: 100, ...asQuery(search) } } },
    byCursor,
  )
  const columns = useColumns()
  return (
    <Page title={say(title)} lead={say(lead)}>
      <Filters to={path} search={search} />
      <Mailbox
        label={say(title)}
        empty={say(empty)}
        pages={pages}
        columns={columns}
        rowId={(row) => row.id}
        rowHref={(row) => (box === "sent" ? `/documents/${row.id}?tab=board` : `/documents/${row.id}`)}
      />
    </Page>
  )
}

function useColumns(): TableColumn<Document>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(
    () => [
      { id: "code", title: say("document.code"), names: true, minWidth: 150, cell: (row) => row.code || row.id },
      { id: "urgency", title: say("document.urgency"), minWidth: 120, cell: (row) => (row.urgency > 0 ? <UrgencyBadge urgency={row.urgency} /> : "–") },
      { id: "subject", title: say("document.subject"), share: 3, minWidth: 220, cell: (row) => row.subject },
      { id: "sender", title: say("document.sender"), share: 2, minWidth: 160, cell: (row) => row.sender.name || row.sender.code },
      { id: "issued", title: say("document.issued"), minWidth: 110, cell: (row) => (row.issued_on ? dayText(row.issued_on, language) : "–") },
      { id: "at", title: say("document.accepted"), minWidth: 150, cell: (row) => momentText(row.accepted_at, language) },
      { id: "signatures", title: say("document.signatures"), minWidth: 200, cell: (row) => <Standing of={row} /> },
    ],
    [say, language],
  )
}

function Standing({ of }: { of: Document }) {
  const say = useSay()
  if (of.recalled)
    return (
      <Badge tone="plain" icon="back">
        {say("document.recalled")}
      </Badge>
    )
  return of.signatures ? <SignatureBadge verdict={of.signatures} /> : "–"
}
