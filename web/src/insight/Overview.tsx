// At a glance: the main figures as they are now, where documents go, and every organisation, ranked.
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../api/client"
import { Mailbox } from "../exchange/mailboxes/Mailbox"
import { useOwnOrganisations } from "../identity/me"
import { useLanguage, useSay } from "../language/language"
import { numberText } from "../language/numbers"
import { Select } from "../parts/Select"
import type { TableColumn } from "../parts/Table"
import { useChange } from "./address"
import { Glance } from "./Glance"
import type { Asked } from "./Head"
import { useLive } from "./live"
import { StateMap } from "./map/StateMap"

export function Overview({ asked, by, place }: { asked: Asked; by: "late" | undefined; place: string | undefined }) {
  const live = useLive()
  const { everywhere } = useOwnOrganisations("statistics.read")
  return (
    <>
      <Glance asked={asked} live={live} />
      {!asked.organisation && (
        <>
          <By by={by} />
          {everywhere && <StateMap asked={asked} by={by ?? "deliveries"} place={place} live={live} />}
          <Standings asked={asked} by={by} />
        </>
      )}
    </>
  )
}

const BY = ["deliveries", "late"] as const

/** What the map shades, and the table ranks. */
function By({ by }: { by: "late" | undefined }) {
  const say = useSay()
  const change = useChange()
  return (
    <div className="filters">
      <Select
        label={say("insight.by")}
        choices={BY.map((value) => ({ value, text: say(`insight.by.${value}`) }))}
        value={by ?? "deliveries"}
        onChange={(value) => change({ by: value === "late" ? value : undefined })}
      />
    </div>
  )
}

function Standings({ asked, by }: { asked: Asked; by: "late" | undefined }) {
  const say = useSay()
  const pages = query.useInfiniteQuery("get", "/api/v1/insight/standings", { params: { query: { ...asked, by: by ?? "deliveries", limit: 100 } } }, byCursor)
  const columns = useColumns()
  return (
    <section className="card" aria-labelledby="standings">
      <h2 id="standings">{say("insight.standings")}</h2>
      <Mailbox
        label={say("insight.standings")}
        empty={say("insight.nothing")}
        pages={pages}
        columns={columns}
        rowId={(row) => row.organisation.code}
        rowHref={({ organisation }) => `/figures?${new URLSearchParams({ ...asked, organisation: organisation.code }).toString()}`}
      />
    </section>
  )
}

function useColumns(): TableColumn<Schemas["Standing"]>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(() => {
    const counts = (["documents", "deliveries", "unarrived", "answered", "answered_late", "late_now"] as const).map(
      (id): TableColumn<Schemas["Standing"]> => ({
        id,
        title: say(`insight.standing.${id}`),
        minWidth: 126,
        cell: (row) => numberText(row[id], language),
      }),
    )
    return [
      { id: "name", title: say("insight.standing.organisation"), names: true, share: 3, minWidth: 240, cell: ({ organisation, rank }) => `${rank}. ${organisation.name || organisation.code}` },
      ...counts,
    ]
  }, [say, language])
}
