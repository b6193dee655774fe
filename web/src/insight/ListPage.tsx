// The list that makes a figure. What it is asked for comes with the figure, from the server.
import { getRouteApi } from "@tanstack/react-router"
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../api/client"
import { Mailbox } from "../exchange/mailboxes/Mailbox"
import { momentText } from "../language/dates"
import { useLanguage, useSay } from "../language/language"
import { Badge } from "../parts/Badge"
import type { TableColumn } from "../parts/Table"
import { Page } from "../shell/Page"
import { periodText } from "./periods"
import { STAGES } from "./words"

type Row = Schemas["CountedDelivery"]
type Stage = Row["stage"]
const route = getRouteApi("/figures/list")
const PROGRESS = ["unarrived", "arrived", "unanswered", "answered"] as const
const LATE = ["now", "answered", "any", "paused", "coming"] as const
const STAGE_WORDS = Object.keys(STAGES) as Stage[]
const oneOf = <T extends string>(all: readonly T[], value: string | undefined) => all.find((one) => one === value)

export function ListPage() {
  const say = useSay()
  const { language } = useLanguage()
  const { from, to, organisation, ...search } = route.useSearch()
  const stage = oneOf(STAGE_WORDS, search.stage)
  const progress = oneOf(PROGRESS, search.progress)
  const late = oneOf(LATE, search.late)
  const direction = oneOf(["sent", "received"], search.direction)
  const urgent = search.urgent === "true"
  const asked = {
    limit: 100,
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(organisation ? { organisation } : {}),
    ...(direction ? { direction } : {}),
    ...(stage ? { stage } : {}),
    ...(progress ? { progress } : {}),
    ...(late ? { late } : {}),
    ...(urgent ? { urgent } : {}),
  }
  const pages = query.useInfiniteQuery("get", "/api/v1/insight/deliveries", { params: { query: asked } }, byCursor)
  const columns = useColumns()
  const facts = [
    from && to ? periodText({ from, to }, language) : say("insight.preset.days30"),
    say(`insight.direction.${direction ?? "received"}`),
    organisation,
    stage && say(`insight.stage.${stage}`),
    progress && say(`insight.progress.${progress}`),
    late && say(`insight.lateness.${late}`),
    urgent && say("insight.urgentOnly"),
  ].filter((fact) => typeof fact === "string")
  return (
    <Page title={say("insight.list")} lead={say("insight.listLead")}>
      <ul className="row facts">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <Mailbox
        label={say("insight.list")}
        empty={say("insight.nothing")}
        pages={pages}
        columns={columns}
        rowId={(row) => row.id}
        rowHref={(row) => `/trace?find=${encodeURIComponent(row.id)}`}
      />
    </Page>
  )
}

function useColumns(): TableColumn<Row>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(() => {
    const time = (id: "accepted_at" | "arrived_at" | "answered_at" | "due"): TableColumn<Row> => ({
      id,
      title: say(`insight.at.${id}`),
      minWidth: 150,
      cell: (row) => {
        const at = row[id]
        return at ? momentText(at, language) : "–"
      },
    })
    return [
      { id: "recipient", title: say("board.recipient"), names: true, share: 2, minWidth: 220, cell: (row) => row.recipient.name || row.recipient.code },
      { id: "stage", title: say("insight.stage"), minWidth: 190, cell: (row) => <Badge {...STAGES[row.stage]}>{say(`insight.stage.${row.stage}`)}</Badge> },
      {
        id: "late",
        title: say("insight.isLate"),
        minWidth: 110,
        cell: (row) =>
          row.late ? (
            <Badge tone="bad" icon="late">
              {say("insight.yesLate")}
            </Badge>
          ) : (
            say("insight.notLate")
          ),
      },
      time("accepted_at"),
      time("arrived_at"),
      time("answered_at"),
      time("due"),
      { id: "sender", title: say("document.sender"), share: 2, minWidth: 180, cell: (row) => row.sender.name || row.sender.code },
    ]
  }, [say, language])
}
