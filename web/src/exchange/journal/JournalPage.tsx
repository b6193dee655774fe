// The journal of the exchange, for auditors: what happened, in order, each entry with the hash that chains it.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { type FormEvent, useMemo } from "react"
import { byCursor, query, type Schemas } from "../../api/client"
import { momentText } from "../../language/dates"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { TextField } from "../../parts/Field"
import type { TableColumn } from "../../parts/Table"
import { useTyped } from "../../parts/typed"
import { Page } from "../../shell/Page"
import { Mailbox } from "../mailboxes/Mailbox"

type Entry = Schemas["JournalEntry"]
const route = getRouteApi("/journal")

export function JournalPage() {
  const say = useSay()
  const { subject } = route.useSearch()
  const pages = query.useInfiniteQuery(
    "get",
    "/api/v1/journal",
    { params: { query: { limit: 100, ...(subject ? { subject } : {}) } } },
    byCursor,
  )
  const columns = useColumns()
  return (
    <Page title={say("journal.title")} lead={say("journal.lead")}>
      <Asked subject={subject ?? ""} />
      <Mailbox label={say("journal.title")} empty={say("journal.empty")} pages={pages} columns={columns} rowId={(row) => String(row.seq)} />
    </Page>
  )
}

function Asked({ subject }: { subject: string }) {
  const say = useSay()
  const navigate = useNavigate()
  const [typed, setTyped] = useTyped(subject)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void navigate({ to: "/journal", search: typed.trim() === "" ? {} : { subject: typed.trim() } })
  }
  return (
    <form className="find" role="search" onSubmit={submit}>
      <TextField
        label={say("journal.subject")}
        hint={say("journal.subjectHint")}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        maxLength={100}
      />
      <Button type="submit" look="first" icon="search">
        {say("journal.find")}
      </Button>
    </form>
  )
}

function useColumns(): TableColumn<Entry>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(
    () => [
      { id: "seq", title: say("journal.number"), names: true, minWidth: 90, cell: (row) => numberText(row.seq, language) },
      { id: "at", title: say("journal.at"), minWidth: 150, cell: (row) => momentText(row.at, language) },
      { id: "kind", title: say("journal.kind"), minWidth: 170, cell: (row) => row.kind },
      { id: "subject", title: say("journal.about"), share: 2, minWidth: 260, cell: (row) => row.subject },
      { id: "body", title: say("journal.body"), share: 3, minWidth: 260, cell: (row) => (row.body === null ? "–" : JSON.stringify(row.body)) },
      { id: "hash", title: say("journal.hash"), share: 2, minWidth: 200, cell: (row) => row.hash },
    ],
    [say, language],
  )
}
