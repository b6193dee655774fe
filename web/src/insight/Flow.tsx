// How documents flow: volumes by day, times to the recipient, how far deliveries came, and what is stuck.
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../api/client"
import { UrgencyBadge } from "../exchange/words"
import { Mailbox } from "../exchange/mailboxes/Mailbox"
import { useMay } from "../identity/me"
import { momentText } from "../language/dates"
import { useLanguage, useSay } from "../language/language"
import { numberText } from "../language/numbers"
import { Figure } from "../parts/Figure"
import { Select } from "../parts/Select"
import { Loaded } from "../parts/States"
import type { TableColumn } from "../parts/Table"
import { useChange } from "./address"
import { Columns } from "./Columns"
import { type Asked, FRESH, Head } from "./Head"
import { buckets } from "./periods"
import { figureText, useAmounts } from "./words"

type FlowOf = Schemas["Flow"]

export function Flow({ asked, hours }: { asked: Asked; hours: string | undefined }) {
  const may = useMay()
  const flow = query.useQuery("get", "/api/v1/insight/flow", { params: { query: asked } }, FRESH)
  return (
    <>
      <Loaded query={flow}>
        {(found) => (
          <>
            <Head of={found} />
            <Volumes flow={found} />
            <Times flow={found} />
            <Funnel flow={found} />
          </>
        )}
      </Loaded>
      {may("traces.read") && <StuckList asked={asked} hours={hours} />}
    </>
  )
}

function Volumes({ flow }: { flow: FlowOf }) {
  const say = useSay()
  const { language } = useLanguage()
  const { amounts, heads } = useAmounts()
  const days = flow.days.map((one) => ({ day: one.day, value: one.deliveries, part: one.urgent }))
  const sum = (part: "value" | "part") => days.reduce((all, one) => all + one[part], 0)
  return (
    <section className="card" aria-labelledby="volumes">
      <h2 id="volumes">{say("insight.volumes")}</h2>
      <Columns
        title={say("insight.volumes")}
        sentence={say("insight.volumesSentence", { deliveries: sum("value"), urgent: numberText(sum("part"), language), days: flow.days.length })}
        all={say("insight.deliveries")}
        part={say("insight.urgentOnes")}
        columns={buckets(days, flow)}
      />
      <Figure title={say("insight.volumes")} sentence={say("insight.volumesParts")} amounts={amounts(flow.volumes)} heads={heads} />
    </section>
  )
}

function Times({ flow }: { flow: FlowOf }) {
  const say = useSay()
  const { language } = useLanguage()
  const { amounts, heads } = useAmounts()
  const text = (id: string) => {
    const one = flow.times.find((figure) => figure.id === id)
    return one ? figureText(one, say, language) : "–"
  }
  const open = flow.times.find((one) => one.id === "arrival.open")?.value ?? 0
  return (
    <section className="card" aria-labelledby="times">
      <h2 id="times">{say("insight.times")}</h2>
      <Figure
        title={say("insight.times")}
        sentence={say("insight.timesSentence", { p50: text("arrival.p50"), p95: text("arrival.p95"), open })}
        amounts={amounts(flow.times)}
        heads={heads}
      />
      <p className="small faint">{say("insight.timesOpen")}</p>
    </section>
  )
}

function Funnel({ flow }: { flow: FlowOf }) {
  const say = useSay()
  const { amounts, heads } = useAmounts()
  const all = flow.funnel[0]?.denominator ?? 0
  const count = (id: string) => flow.funnel.find((one) => one.id === id)?.value ?? 0
  return (
    <section className="card" aria-labelledby="funnel">
      <h2 id="funnel">{say("insight.funnel")}</h2>
      <Figure
        title={say("insight.funnel")}
        sentence={say("insight.funnelSentence", { all, waiting: count("stage.waiting"), completed: count("stage.completed"), refused: count("stage.refused") })}
        amounts={amounts(flow.funnel)}
        of={all}
        heads={heads}
      />
    </section>
  )
}

type Stuck = Schemas["StuckDelivery"]
const HOURS = ["0", "1", "24", "72"] as const

function StuckList({ asked: { organisation, direction }, hours }: { asked: Asked; hours: string | undefined }) {
  const say = useSay()
  const change = useChange()
  const chosen = HOURS.find((one) => one === hours) ?? "24"
  const scope = { ...(organisation ? { organisation } : {}), ...(direction ? { direction } : {}) }
  const pages = query.useInfiniteQuery("get", "/api/v1/insight/stuck", { params: { query: { ...scope, hours: Number(chosen), limit: 100 } } }, byCursor)
  const columns = useColumns()
  return (
    <section className="card" aria-labelledby="stuck">
      <h2 id="stuck">{say("insight.stuck")}</h2>
      <p className="faint">{say("insight.stuckAbout")}</p>
      <div className="filters">
        <Select
          label={say("insight.hours")}
          choices={HOURS.map((value) => ({ value, text: say("insight.hoursAtLeast", { hours: Number(value) }) }))}
          value={chosen}
          onChange={(value) => change({ hours: value === "24" ? undefined : value })}
        />
      </div>
      <Mailbox
        label={say("insight.stuck")}
        empty={say("insight.nothingStuck")}
        pages={pages}
        columns={columns}
        rowId={(row) => row.id}
        rowHref={(row) => `/trace?find=${encodeURIComponent(row.id)}`}
      />
    </section>
  )
}

function useColumns(): TableColumn<Stuck>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(
    () => [
      { id: "recipient", title: say("board.recipient"), names: true, share: 2, minWidth: 200, cell: (row) => row.recipient.name || row.recipient.code },
      { id: "why", title: say("insight.why"), share: 4, minWidth: 320, cell: (row) => (language === "vi" ? row.text_vi : row.text_en) },
      { id: "who", title: say("insight.who"), minWidth: 150, cell: (row) => [row.who, row.system].filter(Boolean).join(", ") || "–" },
      { id: "since", title: say("insight.since"), minWidth: 150, cell: (row) => momentText(row.since, language) },
      { id: "until", title: say("insight.until"), minWidth: 150, cell: (row) => (row.until ? momentText(row.until, language) : "–") },
      { id: "urgency", title: say("insight.urgency"), minWidth: 140, cell: (row) => (row.urgency > 0 ? <UrgencyBadge urgency={row.urgency} /> : "–") },
      { id: "sender", title: say("document.sender"), share: 2, minWidth: 180, cell: (row) => row.sender.name || row.sender.code },
    ],
    [say, language],
  )
}
