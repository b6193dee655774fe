// Documents by their words: number, subject, organisations, content.
import "./search.css"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import type { FormEvent } from "react"
import { Link } from "react-aria-components"
import { byCursor, query, type Schemas } from "../../api/client"
import { dayText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { TextField } from "../../parts/Field"
import { Empty, Loaded } from "../../parts/States"
import { useTyped } from "../../parts/typed"
import { Page } from "../../shell/Page"
import { UrgencyBadge } from "../words"
import { piecesOf } from "./marked"

const route = getRouteApi("/search")
const focus = (field: HTMLInputElement | null) => field?.focus()

export function SearchPage() {
  const say = useSay()
  const { q = "" } = route.useSearch()
  return (
    <Page title={say("search.title")} lead={say("search.lead")}>
      <Asked q={q} />
      {q !== "" && <Found q={q} />}
    </Page>
  )
}

function Asked({ q }: { q: string }) {
  const say = useSay()
  const navigate = useNavigate()
  const [typed, setTyped] = useTyped(q)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim() !== "") void navigate({ to: "/search", search: { q: typed.trim() } })
  }
  return (
    <form className="find" role="search" onSubmit={submit}>
      <TextField
        label={say("search.field")}
        hint={say("search.hint")}
        type="search"
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        maxLength={200}
        {...(q === "" ? { fieldRef: focus } : {})}
      />
      <Button type="submit" look="first" icon="search">
        {say("search.find")}
      </Button>
    </form>
  )
}

function Found({ q }: { q: string }) {
  const say = useSay()
  const pages = query.useInfiniteQuery(
    "get",
    "/api/v1/search",
    { params: { query: { q, limit: 20 } } },
    byCursor,
  )
  return (
    <Loaded query={pages}>
      {(found) => {
        const hits = found.pages.flatMap((page) => page.items)
        if (hits.length === 0) return <Empty title={say("search.nothing", { q })}>{say("search.nothingRemedy")}</Empty>
        return (
          <>
            <p role="status" className="faint">
              {pages.hasNextPage ? say("list.countMore", { count: hits.length }) : say("list.count", { count: hits.length })}
            </p>
            {found.pages.some((page) => page.partial) && <p>{say("search.partial")}</p>}
            <ol className="hits">
              {hits.map((hit) => (
                <Hit key={hit.id} hit={hit} />
              ))}
            </ol>
            {pages.hasNextPage && (
              <div>
                <Button onPress={() => void pages.fetchNextPage()} isPending={pages.isFetchingNextPage}>
                  {say("list.more")}
                </Button>
              </div>
            )}
          </>
        )
      }}
    </Loaded>
  )
}

function Hit({ hit }: { hit: Schemas["Hit"] }) {
  const say = useSay()
  const { language } = useLanguage()
  const { id, code, subject, sender, sender_code, issued_on, urgency, recalled, snippet } = hit
  return (
    <li className="card">
      <div className="row">
        <h2>
          <Link href={`/documents/${id}`}>{code.text === "" ? id : <Marked text={code} />}</Link>
        </h2>
        <UrgencyBadge urgency={urgency} />
        {recalled && (
          <Badge tone="plain" icon="back">
            {say("document.recalled")}
          </Badge>
        )}
      </div>
      <p>
        <Marked text={subject} />
      </p>
      <ul className="row facts small faint">
        <li>
          <Marked text={sender} />
        </li>
        <li>{sender_code}</li>
        {issued_on && <li>{dayText(issued_on, language)}</li>}
      </ul>
      {snippet && (
        <p className="small">
          <Marked text={snippet} />
        </p>
      )}
    </li>
  )
}

function Marked({ text }: { text: Schemas["MarkedText"] }) {
  return piecesOf(text).map((piece, place) => (piece.marked ? <mark key={place}>{piece.text}</mark> : piece.text))
}
