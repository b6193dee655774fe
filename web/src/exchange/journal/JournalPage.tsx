// The journal of the exchange, for auditors: what happened, each entry with the hash that chains it; whether the chain
// is whole stands above it.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { type FormEvent, useMemo } from "react"
import { byCursor, query, type Schemas } from "../../api/client"
import { momentText, startOfDay } from "../../language/dates"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { DateField } from "../../parts/DateField"
import { TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import type { TableColumn } from "../../parts/Table"
import { useTyped } from "../../parts/typed"
import { Page } from "../../shell/Page"
import type { JournalSearch } from "../../shell/router"
import { Mailbox } from "../mailboxes/Mailbox"
import { Chain } from "./Chain"

type Entry = Schemas["JournalEntry"]
const route = getRouteApi("/journal")

/** As the API takes it: days of Viet Nam, the last one whole; the newest first. */
export function asQuery({ from, to, ...asked }: JournalSearch) {
  return {
    ...asked,
    ...(from ? { from: startOfDay(from) } : {}),
    ...(to ? { to: startOfDay(to, 1) } : {}),
    order: "newest" as const,
  }
}

export function JournalPage() {
  const say = useSay()
  const search = route.useSearch()
  const asked = asQuery(search)
  const pages = query.useInfiniteQuery("get", "/api/v1/journal", { params: { query: { limit: 100, ...asked } } }, byCursor)
  const columns = useColumns()
  const chain = pages.data?.pages[0]?.chain
  return (
    <Page
      title={say("journal.title")}
      lead={say("journal.lead")}
      beside={
        <a className="button" href={`/api/v1/journal/export?${new URLSearchParams(asked).toString()}`} download>
          <Icon name="save" />
          {say("journal.export")}
        </a>
      }
    >
      {chain && <Chain chain={chain} />}
      <Asked key={JSON.stringify(search)} search={search} />
      <Mailbox label={say("journal.title")} empty={say("journal.empty")} pages={pages} columns={columns} rowId={(row) => String(row.seq)} />
    </Page>
  )
}

function Asked({ search }: { search: JournalSearch }) {
  const say = useSay()
  const navigate = useNavigate()
  const [subject, setSubject] = useTyped(search.subject ?? "")
  const [actor, setActor] = useTyped(search.actor ?? "")
  const [kind, setKind] = useTyped(search.kind ?? "")
  const [from, setFrom] = useTyped(search.from ?? "")
  const [to, setTo] = useTyped(search.to ?? "")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const typed = { subject: subject.trim(), actor: actor.trim(), kind: kind.trim(), from, to }
    void navigate({ to: "/journal", search: Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== "")) })
  }
  return (
    <form className="find" role="search" onSubmit={submit}>
      <TextField label={say("journal.subject")} hint={say("journal.subjectHint")} value={subject} onChange={setSubject} autoComplete="off" maxLength={100} />
      <TextField label={say("journal.actor")} hint={say("journal.actorHint")} value={actor} onChange={setActor} autoComplete="off" maxLength={100} />
      <TextField label={say("journal.ofKind")} hint={say("journal.kindHint")} value={kind} onChange={setKind} autoComplete="off" maxLength={100} />
      <DateField label={say("filter.from")} value={from} onChange={setFrom} />
      <DateField label={say("filter.to")} value={to} onChange={setTo} />
      <Button type="submit" look="first" icon="search">
        {say("journal.find")}
      </Button>
      {Object.keys(search).length > 0 && (
        <Button look="bare" onPress={() => void navigate({ to: "/journal", search: {} })}>
          {say("journal.clear")}
        </Button>
      )}
    </form>
  )
}

function useColumns(): TableColumn<Entry>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(
    () => [
      { id: "seq", title: say("journal.number"), names: true, minWidth: 80, cell: (row) => numberText(row.seq, language) },
      { id: "at", title: say("journal.at"), width: 108, cell: (row) => momentText(row.at, language) },
      { id: "kind", title: say("journal.kind"), minWidth: 150, cell: (row) => row.kind },
      { id: "actor", title: say("journal.who"), minWidth: 130, below: { column: "kind", when: 1 }, cell: (row) => row.actor ?? "–" },
      { id: "subject", title: say("journal.about"), share: 2, minWidth: 190, cell: (row) => row.subject },
      { id: "body", title: say("journal.body"), share: 3, minWidth: 230, cell: (row) => (row.body === null ? "–" : JSON.stringify(row.body)) },
      { id: "hash", title: say("journal.hash"), share: 2, minWidth: 190, below: { column: "subject", when: 2 }, cell: (row) => row.hash },
    ],
    [say, language],
  )
}
