// How the connected systems are doing: those that need a look say why.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../api/client"
import { Mailbox } from "../exchange/mailboxes/Mailbox"
import { dateText, momentText } from "../language/dates"
import { numberText } from "../language/numbers"
import { useLanguage, useSay } from "../language/language"
import { servedText } from "../identity/systems/served"
import { Badge, type Tone } from "../parts/Badge"
import { Checkbox, TextField } from "../parts/Field"
import type { IconName } from "../parts/Icon"
import type { TableColumn } from "../parts/Table"
import { TwoLines } from "../parts/TwoLines"
import { Page } from "../shell/Page"

type Integration = Schemas["Integration"]
type Trouble = Integration["troubles"][number]
const route = getRouteApi("/integrations")
const REFRESH_MS = 30_000

export function IntegrationsPage() {
  const say = useSay()
  const navigate = useNavigate()
  const search = route.useSearch()
  const { q, shown } = search
  const pages = query.useInfiniteQuery(
    "get",
    "/api/v1/integrations",
    { params: { query: { limit: 100, ...(q ? { q } : {}), ...(shown ? { troubled: true } : {}) } } },
    { ...byCursor, refetchInterval: REFRESH_MS },
  )
  const columns = useColumns()
  const change = (changed: typeof search) => void navigate({ to: "/integrations", search: { ...search, ...changed }, replace: true })
  return (
    <Page title={say("integrations.title")} lead={say("integrations.lead")}>
      <div className="filters" role="group" aria-label={say("filter.title")}>
        <TextField label={say("integrations.find")} value={q ?? ""} onChange={(typed) => change({ q: typed })} maxLength={100} autoComplete="off" />
        <Checkbox isSelected={shown === "troubled"} onChange={(on) => void navigate({ to: "/integrations", search: { ...(q ? { q } : {}), ...(on ? { shown: "troubled" } : {}) }, replace: true })}>
          {say("integrations.troubled")}
        </Checkbox>
      </div>
      <Mailbox
        label={say("integrations.title")}
        empty={shown || q ? say("integrations.nothing") : say("integrations.empty")}
        pages={pages}
        columns={columns}
        rowId={idOf}
        rowHref={(row) => `/systems/${row.id}`}
        tall
      />
    </Page>
  )
}

const idOf = (row: Integration) => row.id

const MARKS: Record<Trouble, { tone: Tone; icon: IconName }> = {
  disabled: { tone: "plain", icon: "lock" },
  never_called: { tone: "waiting", icon: "clock" },
  silent: { tone: "waiting", icon: "offline" },
  refused: { tone: "bad", icon: "wrong" },
  waiting: { tone: "bad", icon: "late" },
  expiring: { tone: "waiting", icon: "key" },
}

function Health({ troubles }: { troubles: readonly Trouble[] }) {
  const say = useSay()
  const [first, ...others] = troubles
  if (!first)
    return (
      <Badge tone="good" icon="check">
        {say("integrations.well")}
      </Badge>
    )
  return (
    <Badge {...MARKS[first]}>
      {others.length === 0
        ? say(`integrations.trouble.${first}`)
        : say("integrations.several", { first: say(`integrations.trouble.${first}`), count: others.length, others: others.map((one) => say(`integrations.trouble.${one}`)).join(", ") })}
    </Badge>
  )
}

function useColumns(): TableColumn<Integration>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(() => {
    const refused = (row: Integration) => row.refused.reduce((sum, one) => sum + one.last_day, 0)
    const waits = ({ waiting: { deliveries, oldest_at } }: Integration) =>
      oldest_at ? say("integrations.waitingSince", { count: numberText(deliveries, language), at: momentText(oldest_at, language) }) : numberText(deliveries, language)
    return [
      { id: "id", title: say("systems.id"), names: true, share: 2, minWidth: 220, cell: (row) => <TwoLines name={row.id} more={servedText(row.organisation, row.organisations_total, say)} /> },
      { id: "health", title: say("integrations.health"), share: 2, minWidth: 200, cell: (row) => <Health troubles={row.troubles} /> },
      { id: "last", title: say("integrations.last"), minWidth: 130, cell: (row) => (row.last_call ? momentText(row.last_call.at, language) : "–") },
      { id: "refused", title: say("integrations.refused"), minWidth: 100, cell: (row) => numberText(refused(row), language) },
      { id: "waiting", title: say("integrations.waiting"), share: 2, minWidth: 170, cell: waits },
      { id: "expires", title: say("integrations.expires"), minWidth: 110, cell: (row) => (row.credential_expires_at ? dateText(row.credential_expires_at, language) : "–") },
    ]
  }, [say, language])
}
