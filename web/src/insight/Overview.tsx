// At a glance: the main figures against the period before, and every organisation, ranked.
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../api/client"
import { Mailbox } from "../exchange/mailboxes/Mailbox"
import { useLanguage, useSay } from "../language/language"
import { numberText } from "../language/numbers"
import { Figure } from "../parts/Figure"
import { Select } from "../parts/Select"
import { Loaded } from "../parts/States"
import type { TableColumn } from "../parts/Table"
import { useChange } from "./address"
import { type Asked, FRESH, Head } from "./Head"
import { figureText, useAmounts } from "./words"

export function Overview({ asked, by }: { asked: Asked; by: "late" | undefined }) {
  const say = useSay()
  const { language } = useLanguage()
  const { amounts, headsCompared } = useAmounts()
  const overview = query.useQuery("get", "/api/v1/insight/overview", { params: { query: asked } }, FRESH)
  return (
    <>
      <Loaded query={overview}>
        {(found) => {
          const said = (id: string) => {
            const one = found.figures.find((figure) => figure.id === id)
            return one ? figureText(one, say, language) : "–"
          }
          return (
            <section className="card" aria-labelledby="glance">
              <h2 id="glance">{say("insight.glance")}</h2>
              <Head of={found} compared />
              <Figure
                title={say("insight.glance")}
                sentence={say("insight.glanceSentence", { documents: said("documents"), deliveries: said("deliveries"), p95: said("arrival.p95"), late: said("late.now") })}
                amounts={amounts(found.figures, true)}
                heads={headsCompared}
              />
            </section>
          )
        }}
      </Loaded>
      {!asked.organisation && <Standings asked={asked} by={by} />}
    </>
  )
}

const BY = ["deliveries", "late"] as const

function Standings({ asked, by }: { asked: Asked; by: "late" | undefined }) {
  const say = useSay()
  const change = useChange()
  const chosen = by ?? "deliveries"
  const pages = query.useInfiniteQuery("get", "/api/v1/insight/standings", { params: { query: { ...asked, by: chosen, limit: 100 } } }, byCursor)
  const columns = useColumns()
  return (
    <section className="card" aria-labelledby="standings">
      <h2 id="standings">{say("insight.standings")}</h2>
      <div className="filters">
        <Select
          label={say("insight.by")}
          choices={BY.map((value) => ({ value, text: say(`insight.by.${value}`) }))}
          value={chosen}
          onChange={(value) => change({ by: value === "late" ? value : undefined })}
        />
      </div>
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
        minWidth: 110,
        cell: (row) => numberText(row[id], language),
      }),
    )
    return [
      { id: "name", title: say("insight.standing.organisation"), names: true, share: 3, minWidth: 240, cell: ({ organisation, rank }) => `${rank}. ${organisation.name || organisation.code}` },
      ...counts,
    ]
  }, [say, language])
}

