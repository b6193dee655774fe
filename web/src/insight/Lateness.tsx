// What is late, and what will be: by the deadline of the receipt, and by how long answers took in this period.
import { query } from "../api/client"
import { useMay } from "../identity/me"
import { useLanguage, useSay } from "../language/language"
import { ButtonLink } from "../parts/Button"
import { Figure } from "../parts/Figure"
import { Loaded } from "../parts/States"
import { Columns } from "./Columns"
import { type Asked, FRESH, Head } from "./Head"
import { LateSteps } from "./LateSteps"
import { buckets, dayOf } from "./periods"
import { figureText, useAmounts, useList } from "./words"

export function Lateness({ asked }: { asked: Asked }) {
  const say = useSay()
  const { language } = useLanguage()
  const { amounts, heads } = useAmounts()
  const list = useList()
  const may = useMay()
  const late = query.useQuery("get", "/api/v1/insight/lateness", { params: { query: asked } }, FRESH)
  return (
    <Loaded query={late}>
      {(found) => {
        const figure = (id: string) => found.figures.find((one) => one.id === id)
        const text = (id: string) => {
          const one = figure(id)
          return one ? figureText(one, say, language) : "–"
        }
        const days = found.forecast.map((one) => ({ day: one.day, value: one.due, part: one.expected_late }))
        const all = days.reduce((sum, one) => sum + one.value, 0)
        const last = days.at(-1)?.day
        const coming = list(figure("late.expected") ?? {})
        return (
          <>
            <Head of={found} />
            <section className="card" aria-labelledby="late">
              <h2 id="late">{say("insight.late")}</h2>
              <Figure
                title={say("insight.late")}
                sentence={say("insight.lateSentence", { now: text("late.now"), answered: text("late.answered"), share: text("late.share") })}
                amounts={amounts(found.figures)}
                heads={heads}
              />
            </section>
            {may("traces.read") && <LateSteps asked={asked} />}
            <section className="card" aria-labelledby="forecast">
              <h2 id="forecast">{say("insight.forecast")}</h2>
              {last === undefined ? (
                <p>{say("insight.noForecast")}</p>
              ) : (
                <Columns
                  title={say("insight.forecast")}
                  sentence={say("insight.forecastSentence", { due: all, late: text("late.expected") })}
                  all={say("insight.due")}
                  part={say("insight.expectedLate")}
                  columns={buckets(days, { from: days[0]?.day ?? dayOf(new Date()), to: last })}
                />
              )}
              {coming && (
                <div>
                  <ButtonLink href={coming} icon="right">
                    {say("insight.comingList")}
                  </ButtonLink>
                </div>
              )}
            </section>
          </>
        )
      }}
    </Loaded>
  )
}
