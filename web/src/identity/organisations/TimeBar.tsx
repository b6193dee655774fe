// Which day the directory is shown for: today, a day that was typed, or the days on which something changed.
import { Link } from "react-aria-components"
import { query } from "../../api/client"
import { dayText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { DateField } from "../../parts/DateField"
import { organisationHref } from "../administration/names"
import { dayOf, pointAt, pointsOf, type Step, stepsOf } from "./steps"

const MOST = 200

export function TimeBar({ at, onChange }: { at: string | undefined; onChange: (day: string | undefined) => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const changes = query.useQuery("get", "/api/v1/organisation-changes", { params: { query: { limit: MOST } } }, { staleTime: 60_000 })
  const today = dayOf(new Date())
  const steps = stepsOf(changes.data?.items ?? [])
  const points = pointsOf(steps, today)
  const here = pointAt(points, at ?? today)
  const step = steps.find(({ day }) => day === (at ?? today))
  const go = (day: string | undefined) => onChange(day === today ? undefined : day)
  const said = (day: string) => {
    const one = steps.find((other) => other.day === day)
    const text = day === today ? say("organisations.today", { day: dayText(day, language) }) : dayText(day, language)
    return one ? say("organisations.step", { day: text, began: one.began, ended: one.ended }) : text
  }
  return (
    <section className="card when" aria-labelledby="when">
      <h2 id="when">{at ? say("organisations.asOf", { day: dayText(at, language) }) : say("organisations.now")}</h2>
      {points.length > 1 && (
        <div className="row">
          <div className="slide">
            <Button icon="left" aria-label={say("organisations.earlier")} isDisabled={here === 0} onPress={() => go(points[here - 1])} />
            <input
              type="range"
              aria-label={say("organisations.slider")}
              aria-valuetext={said(at ?? today)}
              min={0}
              max={points.length - 1}
              step={1}
              value={here}
              onChange={(event) => go(points[Number(event.target.value)])}
            />
            <Button icon="right" aria-label={say("organisations.later")} isDisabled={here === points.length - 1} onPress={() => go(points[here + 1])} />
          </div>
          <DateField label={say("organisations.day")} value={at ?? today} onChange={(day) => go(day || undefined)} />
          {at && <Button onPress={() => onChange(undefined)}>{say("organisations.toToday")}</Button>}
        </div>
      )}
      {points.length === 1 && changes.data && <p className="faint">{say("organisations.noSteps")}</p>}
      {step && <Changed step={step} />}
    </section>
  )
}

function Changed({ step: { began, ended, organisations } }: { step: Step }) {
  const say = useSay()
  const more = began + ended - organisations.length
  return (
    <>
      <h3>{say("organisations.changedHere", { began, ended })}</h3>
      <ul className="lines">
        {organisations.map((one) => (
          <li key={`${one.change} ${one.code}`}>
            <span className="grows">
              <Link href={organisationHref(one.code)}>{one.name || one.code}</Link> <span className="faint">{one.code}</span>
            </span>
            {one.successor && (
              <span>
                {say("organisations.into")} <Link href={organisationHref(one.successor)}>{one.successor}</Link>
              </span>
            )}
            <Badge tone={one.change === "began" ? "good" : "waiting"} icon={one.change === "began" ? "check" : "clock"}>
              {say(`organisations.change.${one.change}`)}
            </Badge>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="faint">{say("organisations.changedMore", { count: more })}</p>}
    </>
  )
}
