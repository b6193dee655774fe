// The journal of the exchange, for auditors: what happened, each entry with the hash that chains it; whether the chain
// is whole stands above it.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { type FormEvent, useCallback, useMemo } from "react"
import { RouterProvider as AriaRouter } from "react-aria-components"
import { byCursor, query, type Schemas } from "../../api/client"
import { startOfDay } from "../../language/dates"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { DateField } from "../../parts/DateField"
import { TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { Select } from "../../parts/Select"
import type { TableColumn } from "../../parts/Table"
import { useTyped } from "../../parts/typed"
import { Page } from "../../shell/Page"
import type { JournalSearch } from "../../shell/router"
import { Mailbox } from "../mailboxes/Mailbox"
import { Moment } from "../Moment"
import { Chain } from "./Chain"
import { EntryDialog } from "./EntryDialog"
import { isKind, KINDS } from "./kinds"
import { useKindText } from "./kindText"
import { journalHref, Thing, thingOf, Who } from "./Things"

type Entry = Schemas["JournalEntry"]
const route = getRouteApi("/journal")

/** As the API takes it: days of Viet Nam, the last one whole; the newest first. */
export function asQuery({ from, to, entry: _, ...asked }: JournalSearch) {
  return {
    ...asked,
    ...(from ? { from: startOfDay(from) } : {}),
    ...(to ? { to: startOfDay(to, 1) } : {}),
    order: "newest" as const,
  }
}

export function JournalPage() {
  const say = useSay()
  const { language } = useLanguage()
  const navigate = useNavigate()
  const { entry, ...search } = route.useSearch()
  const asked = asQuery(search)
  const pages = query.useInfiniteQuery("get", "/api/v1/journal", { params: { query: { limit: 100, ...asked } } }, byCursor)
  const columns = useColumns()
  const { data, isFetching } = pages
  const chain = data?.pages[0]?.chain
  const chosen = entry === undefined ? undefined : data?.pages.flatMap(({ items }) => items).find(({ seq }) => String(seq) === entry)
  const filters = JSON.stringify(search)
  // An entry opens over the list, which stays where it is.
  const go = useCallback((href: string) => void navigate({ href, resetScroll: !href.includes("entry=") }), [navigate])
  const entryHref = ({ seq }: Entry) => journalHref({ ...search, entry: String(seq) })
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
      <Asked key={filters} search={search} />
      {entry !== undefined && data && !chosen && !isFetching && (
        <div className="notice" role="status">
          <Icon name="told" />
          <span>{say("journal.notHere", { number: /^\d+$/.test(entry) ? numberText(Number(entry), language) : entry })}</span>
        </div>
      )}
      <AriaRouter navigate={go}>
        <Mailbox label={say("journal.title")} empty={say("journal.empty")} pages={pages} columns={columns} rowId={rowId} rowHref={entryHref} tall />
      </AriaRouter>
      {chosen && <EntryDialog entry={chosen} onClose={() => void navigate({ to: "/journal", search, replace: true, resetScroll: false })} />}
    </Page>
  )
}

const rowId = ({ seq }: Entry) => String(seq)

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
    const typed = { subject: subject.trim(), actor: actor.trim(), kind, from, to }
    void navigate({ to: "/journal", search: Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== "")) })
  }
  return (
    <form className="find entries" role="search" onSubmit={submit}>
      <KindChoice kind={kind} onChange={setKind} />
      <TextField label={say("journal.subject")} hint={say("journal.subjectHint")} value={subject} onChange={setSubject} autoComplete="off" maxLength={400} />
      <TextField label={say("journal.actor")} hint={say("journal.actorHint")} value={actor} onChange={setActor} autoComplete="off" maxLength={400} />
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

/** All kinds by their words; one of an address that this program does not know stands there as it is written. */
function KindChoice({ kind, onChange }: { kind: string; onChange: (kind: string) => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const choices = useMemo(() => {
    const known = Object.keys(KINDS).filter(isKind).map((value) => ({ value: value as string, text: say(`journal.kind.${value}`) }))
    known.sort((a, b) => a.text.localeCompare(b.text, language))
    return [{ value: "", text: say("journal.allKinds") }, ...known]
  }, [say, language])
  const shown = choices.some(({ value }) => value === kind) ? choices : [...choices, { value: kind, text: kind }]
  return <Select label={say("journal.ofKind")} choices={shown} value={kind} onChange={onChange} />
}

function useColumns(): TableColumn<Entry>[] {
  const say = useSay()
  const { language } = useLanguage()
  const kindText = useKindText()
  return useMemo(
    () => [
      { id: "seq", title: say("journal.number"), width: 90, cell: (row) => numberText(row.seq, language) },
      { id: "at", title: say("journal.at"), width: 116, cell: (row) => <Moment at={row.at} /> },
      { id: "kind", title: say("journal.kind"), names: true, share: 3, minWidth: 220, cell: kindText },
      { id: "actor", title: say("journal.who"), share: 3, minWidth: 180, cell: (row) => (row.actor === undefined ? "–" : <Who actor={row.actor} />) },
      { id: "subject", title: say("journal.about"), share: 4, minWidth: 220, cell: (row) => <Thing of={thingOf(row.kind, row.subject)} id={row.subject} /> },
    ],
    [say, language, kindText],
  )
}
