import { getRouteApi } from "@tanstack/react-router"
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../../api/client"
import { useMay } from "../../identity/me"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import type { TableColumn } from "../../parts/Table"
import { Page } from "../../shell/Page"
import type { MailboxSearch } from "../../shell/router"
import { SignatureBadge } from "../words"
import { naming } from "./columns"
import { Moment } from "../Moment"
import { asQuery, Filters, useClear } from "./Filters"
import { Mailbox } from "./Mailbox"
import { Recipients } from "./Recipients"

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
  const columns = useColumns(useMay()("traces.read") ? box : "received")
  const clear = useClear(path, search)
  return (
    <Page title={say(title)} lead={say(lead)}>
      <Filters to={path} search={search} />
      <Mailbox
        label={say(title)}
        empty={say(empty)}
        onClear={clear}
        pages={pages}
        columns={columns}
        rowId={(row) => row.id}
        rowHref={(row) => (box === "sent" ? `/documents/${row.id}?tab=board` : `/documents/${row.id}`)}
      />
    </Page>
  )
}

function useColumns(box: Box): TableColumn<Document>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(
    () => [
      ...naming<Document>(say, language, (row) => row.id),
      box === "sent"
        ? { id: "recipients", title: say("outbox.recipients"), share: 3, minWidth: 204, cell: (row) => <Recipients id={row.id} /> }
        : { id: "sender", title: say("document.sender"), minWidth: 170, cell: (row) => row.sender.name || row.sender.code },
      { id: "at", title: say("document.accepted"), width: 116, cell: (row) => <Moment at={row.accepted_at} /> },
      { id: "signatures", title: say("document.signatures"), width: 176, below: { column: "subject", when: 1 }, cell: (row) => <Standing of={row} /> },
    ],
    [say, language, box],
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
