// Two months side by side, from the sealed reports themselves.
import { useState } from "react"
import { query } from "../../api/client"
import { useLanguage, useSay } from "../../language/language"
import { Select } from "../../parts/Select"
import { Loaded } from "../../parts/States"
import { monthText } from "../periods"
import { changeOf, valueText } from "../values"
import { byText, nameOf } from "../words"
import { type Pair, pairsOf } from "./csv"
import { type Report, useLines } from "./files"

export function Compare({ reports }: { reports: readonly Report[] }) {
  const say = useSay()
  // Of each month the last one that was made; by month, the newest first.
  const months = reports.filter((one) => !one.superseded).sort((a, b) => (a.month < b.month ? 1 : -1))
  const [beforeId, setBefore] = useState(months[1]?.id)
  const [afterId, setAfter] = useState(months[0]?.id)
  if (beforeId === undefined || afterId === undefined) return null
  const choices = months.map(({ id, month }) => ({ value: String(id), text: say("insight.report", { month: monthText(month), id }) }))
  const month = (id: number) => monthText(months.find((one) => one.id === id)?.month ?? "")
  return (
    <section className="card" aria-labelledby="compare">
      <h2 id="compare">{say("insight.compare")}</h2>
      <p className="faint">{say("insight.compareAbout")}</p>
      <div className="filters">
        <Select label={say("insight.compareFirst")} choices={choices} value={String(beforeId)} onChange={(id) => setBefore(Number(id))} />
        <Select label={say("insight.compareSecond")} choices={choices} value={String(afterId)} onChange={(id) => setAfter(Number(id))} />
      </div>
      <Both before={{ id: beforeId, month: month(beforeId) }} after={{ id: afterId, month: month(afterId) }} />
    </section>
  )
}

interface Side {
  id: number
  month: string
}

function Both({ before, after }: { before: Side; after: Side }) {
  const say = useSay()
  const first = useLines(before.id)
  const second = useLines(after.id)
  return (
    <Loaded query={first}>
      {(earlier) => (
        <Loaded query={second}>
          {(later) => {
            const pairs = pairsOf(earlier, later)
            const count = pairs.filter((one) => one.before !== one.after).length
            return (
              <>
                <p role="status">{say("insight.compareSentence", { first: before.month, second: after.month, count, all: pairs.length })}</p>
                <SideBySide before={before.month} after={after.month} pairs={pairs} />
              </>
            )
          }}
        </Loaded>
      )}
    </Loaded>
  )
}

function SideBySide({ before, after, pairs }: { before: string; after: string; pairs: readonly Pair[] }) {
  const say = useSay()
  const { language } = useLanguage()
  const definitions = query.useQuery("get", "/api/v1/insight/definitions", {}, { staleTime: Infinity })
  const name = (id: string) => {
    const one = definitions.data?.items.find((known) => known.id === id)
    return one ? nameOf(one, language) : id
  }
  const text = (unit: Pair["unit"], value: number | undefined) => (value === undefined ? say("insight.unknown") : valueText(unit, value, language))
  const change = ({ unit, before: previous, after: value, alike }: Pair) => {
    if (!alike) return say("insight.otherDefinition")
    if (previous === undefined || value === undefined) return "–"
    const way = changeOf({ unit, value, previous })
    if (!way || way.way === "same") return say("insight.stays")
    const by = byText({ unit, value, previous }, say, language)
    return way.way === "more" ? say("insight.rises", { by }) : say("insight.falls", { by })
  }
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="twin-frame" role="group" aria-label={say("insight.compare")} tabIndex={0}>
      <table className="twin side-by-side">
        <caption className="hidden">{say("insight.compare")}</caption>
        <thead>
          <tr>
            {[say("insight.head.figure"), before, after, say("insight.head.difference")].map((head, i) => (
              <th key={`${i} ${head}`} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <tr key={pair.figure}>
              <th scope="row">{name(pair.figure)}</th>
              <td className="number">{text(pair.unit, pair.before)}</td>
              <td className="number">{text(pair.unit, pair.after)}</td>
              <td>{change(pair)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
