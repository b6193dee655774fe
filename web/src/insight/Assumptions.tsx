// What the savings rest on: value, unit, range, source, owner, and since when.
import { query, type Schemas } from "../api/client"
import { useMay } from "../identity/me"
import { dateText, dayText } from "../language/dates"
import { useLanguage, useSay } from "../language/language"
import { Loaded } from "../parts/States"
import { SetAssumption } from "./SetAssumption"
import { decimalText } from "./values"
import { nameOf, unitText } from "./words"

/** `settable`: whoever may is offered to set a new value. */
export function Assumptions({ settable }: { settable?: boolean }) {
  const say = useSay()
  const may = useMay()
  const set = settable === true && may("platform.operate")
  const sheet = query.useQuery("get", "/api/v1/insight/assumptions")
  return (
    <section className="card" aria-labelledby="assumptions">
      <h2 id="assumptions">{say("insight.assumptions")}</h2>
      <Loaded query={sheet}>
        {({ in_force, history }) => (
          <>
            <p className="faint">{say("insight.assumptionsAbout")}</p>
            <ul className="lines">
              {in_force.map((one) => (
                <Held key={one.code} one={one} set={set} />
              ))}
            </ul>
            <details>
              <summary>{say("insight.history", { count: history.length })}</summary>
              <ul className="lines">
                {[...history].reverse().map((one) => (
                  <Held key={`${one.code} ${one.version}`} one={one} set={false} />
                ))}
              </ul>
            </details>
          </>
        )}
      </Loaded>
    </section>
  )
}

function Held({ one, set: settable }: { one: Schemas["Assumption"]; set: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const text = (decimal: string | undefined) => decimalText(decimal ?? one.value, language)
  const since = one.valid_from ? say("insight.validFrom", { day: dayText(one.valid_from, language), version: one.version }) : say("insight.brought")
  // What the software brings along is in both languages; what somebody set, as they wrote it.
  const said = (member: "source" | "owner" | "note") => (language === "en" ? one[`${member}_en`] : undefined) ?? one[member]
  const set = one.set_at ? say("insight.setBy", { who: one.set_by ?? "–", at: dateText(one.set_at, language) }) : ""
  return (
    <li>
      <span className="grows">
        {nameOf(one, language)}
        <br />
        <span className="small faint">{say("insight.source", { source: said("source") ?? "", owner: said("owner") ?? "" })}</span>
        <br />
        <span className="small faint">
          {[since, set, said("note")].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span>
        <b>{text(one.value)}</b> {unitText(one.unit, say)}
        <br />
        <span className="small faint">{say("insight.between", { low: text(one.low), high: text(one.high) })}</span>
      </span>
      {settable && <SetAssumption one={one} />}
    </li>
  )
}
