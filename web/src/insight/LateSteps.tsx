// At which step time was lost, and at which units: from the very deliveries that are counted as late.
import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { api, cursorOf, given, type Schemas } from "../api/client"
import { useLanguage, useSay } from "../language/language"
import { numberText } from "../language/numbers"
import { Figure } from "../parts/Figure"
import { Empty, Loaded } from "../parts/States"
import { Table, type TableColumn } from "../parts/Table"
import type { Asked } from "./Head"
import { type LateUnit, STEPS, stepOf, unitsOf } from "./steps"

const PAGE = 200
const MOST = 1000
const PAGES_MOST = 10 // a page may be short and yet have a next one

interface Late {
  items: Schemas["CountedDelivery"][]
  whole: boolean
}

async function allLate(asked: Asked): Promise<Late> {
  const items: Late["items"] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MOST && items.length < MOST; ++page) {
    const found = await given(api.GET("/api/v1/insight/deliveries", { params: { query: { ...asked, late: "any", limit: PAGE, ...(cursor ? { cursor } : {}) } } }))
    items.push(...found.items)
    cursor = cursorOf(found.next)
    if (cursor === undefined) return { items, whole: true }
  }
  return { items, whole: false }
}

export function LateSteps({ asked }: { asked: Asked }) {
  const say = useSay()
  const late = useQuery({ queryKey: ["late deliveries", asked], queryFn: () => allLate(asked), staleTime: 60_000 })
  return (
    <section className="card" aria-labelledby="steps">
      <h2 id="steps">{say("insight.steps")}</h2>
      <p className="faint">{say("insight.stepsAbout")}</p>
      <Loaded query={late}>{(found) => (found.items.length === 0 ? <Empty title={say("insight.noneLate")} /> : <Found late={found} asked={asked} />)}</Loaded>
    </section>
  )
}

function Found({ late: { items, whole }, asked }: { late: Late; asked: Asked }) {
  const say = useSay()
  const { language } = useLanguage()
  const units = useMemo(() => unitsOf(items), [items])
  const columns = useColumns()
  const count = (step: (typeof STEPS)[number]) => items.filter((one) => stepOf(one) === step).length
  const all = items.length
  const list = (code: string) =>
    `/figures/list?${new URLSearchParams({ from: asked.from, to: asked.to, direction: "received", late: "any", organisation: code }).toString()}`
  return (
    <>
      <Figure
        title={say("insight.steps")}
        sentence={say("insight.stepsSentence", { all, fetch: numberText(count("fetch"), language), answer: numberText(count("answer"), language) })}
        amounts={STEPS.map((step) => ({
          id: step,
          title: say(`insight.step.${step}`),
          value: count(step),
          text: numberText(count(step), language),
          note: say(`insight.stepAbout.${step}`),
        }))}
        of={all}
      />
      {!whole && <p className="small faint">{say("insight.stepsCut", { count: all })}</p>}
      <h3>{say("insight.lateUnits")}</h3>
      <Table label={say("insight.lateUnits")} columns={columns} rows={units} rowId={codeOf} rowHref={({ code }) => list(code)} />
    </>
  )
}

const codeOf = ({ code }: LateUnit) => code

function useColumns(): TableColumn<LateUnit>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(() => {
    const number = (id: "fetch" | "answer" | "now", title: string): TableColumn<LateUnit> => ({ id, title, minWidth: 170, cell: (row) => numberText(row[id], language) })
    return [
      { id: "name", title: say("insight.standing.organisation"), names: true, share: 3, minWidth: 240, cell: ({ name, code }) => name || code },
      number("fetch", say("insight.step.fetch")),
      number("answer", say("insight.step.answer")),
      number("now", say("insight.standing.late_now")),
    ]
  }, [say, language])
}
