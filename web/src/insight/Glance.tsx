// Six figures that live: refreshed while somebody looks, each against the period before.
import { Link } from "react-aria-components"
import { query } from "../api/client"
import { useLanguage, useSay } from "../language/language"
import { Badge, type Tone } from "../parts/Badge"
import { Button } from "../parts/Button"
import { Twin } from "../parts/Figure"
import type { IconName } from "../parts/Icon"
import { Loaded } from "../parts/States"
import { type Asked, Head } from "./Head"
import { type Live, secondsText } from "./live"
import { changeOf, type Figure, valueText } from "./values"
import { byText, figureText, useAmounts } from "./words"

export function Glance({ asked, live }: { asked: Asked; live: Live }) {
  const say = useSay()
  const { language } = useLanguage()
  const { amounts, headsCompared } = useAmounts()
  const overview = query.useQuery("get", "/api/v1/insight/overview", { params: { query: asked } }, live.fresh)
  return (
    <Loaded query={overview}>
      {(found) => {
        const said = (id: string) => {
          const one = found.figures.find((figure) => figure.id === id)
          return one ? figureText(one, say, language) : "–"
        }
        const shown = amounts(found.figures, true)
        return (
          <section className="card" aria-labelledby="glance">
            <div className="row">
              <h2 id="glance" className="grows">
                {say("insight.glance")}
              </h2>
              <span className="small faint" data-updated={overview.dataUpdatedAt}>
                {live.paused
                  ? say("insight.pausedAt", { at: secondsText(overview.dataUpdatedAt, language) })
                  : say("insight.updatedAt", { at: secondsText(overview.dataUpdatedAt, language) })}
              </span>
              <Button
                icon="clock"
                onPress={() => {
                  if (live.paused) void overview.refetch()
                  live.pause(!live.paused)
                }}
              >
                {live.paused ? say("insight.resume") : say("insight.pause")}
              </Button>
            </div>
            <Head of={found} compared quiet />
            <figure className="figure">
              <figcaption>
                {say("insight.glanceSentence", { documents: said("documents"), deliveries: said("deliveries"), p95: said("arrival.p95"), late: said("late.now") })}
              </figcaption>
              <ul className="glance">
                {found.figures.map((figure, i) => (
                  <li key={figure.id}>
                    <span className="small">{shown[i]?.href ? <Link href={shown[i].href}>{shown[i].title}</Link> : shown[i]?.title}</span>
                    <span className="amount">{shown[i]?.text}</span>
                    <Trend figure={figure} />
                  </li>
                ))}
              </ul>
              <Twin title={say("insight.glance")} heads={headsCompared} rows={shown.map((one) => [one.title, one.text, ...(one.cells ?? [])])} />
            </figure>
          </section>
        )
      }}
    </Loaded>
  )
}

const WAYS = { more: "more", less: "less", same: "same" } as const satisfies Record<string, IconName>
/** Whether more of it is good news, bad news, or neither. */
const BETTER: Record<string, "more" | "less"> = { "arrival.p95": "less", "late.now": "less", "late.share": "less", "savings.net": "more" }

function Trend({ figure }: { figure: Figure }) {
  const say = useSay()
  const { language } = useLanguage()
  const { unit, value, previous } = figure
  if (value === undefined || previous === undefined) return <span className="small faint">{say("insight.noPrevious")}</span>
  const way = changeOf(figure)?.way ?? "same"
  const better = BETTER[figure.id]
  const tone: Tone = way === "same" ? "plain" : better === undefined ? "told" : better === way ? "good" : "bad"
  const by = byText({ unit, value, previous }, say, language)
  const words = { same: say("insight.stays"), more: say("insight.rises", { by }), less: say("insight.falls", { by }) }
  return (
    <>
      <span>
        <Badge tone={tone} icon={WAYS[way]}>
          {words[way]}
        </Badge>
      </span>
      <span className="small faint">{say("insight.previous", { previous: valueText(unit, previous, language) })}</span>
    </>
  )
}
