// What if an assumption were otherwise: computed by the server, kept nowhere.
import { useMutation } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { api, given, query, type Schemas } from "../api/client"
import { useLanguage, useSay } from "../language/language"
import { moneyProse } from "../language/numbers"
import { Badge } from "../parts/Badge"
import { Button } from "../parts/Button"
import { TextField } from "../parts/Field"
import { Failure, Loaded } from "../parts/States"
import type { Period } from "./periods"
import { decimalOf, decimalText } from "./values"
import { nameOf, unitText } from "./words"

type Result = Schemas["ScenarioResult"]
type Assumption = Schemas["Assumption"]

export function Scenario({ period }: { period: Period }) {
  const say = useSay()
  const sheet = query.useQuery("get", "/api/v1/insight/assumptions")
  return (
    <section className="card" aria-labelledby="scenario">
      <h2 id="scenario">{say("insight.scenario")}</h2>
      <p className="faint">{say("insight.scenarioAbout")}</p>
      <Loaded query={sheet}>{({ in_force }) => <Trial held={in_force} period={period} />}</Loaded>
    </section>
  )
}

function Trial({ held, period }: { held: readonly Assumption[]; period: Period }) {
  const say = useSay()
  const { language } = useLanguage()
  const [typed, setTyped] = useState<Record<string, string>>({})
  const value = (one: Assumption) => typed[one.code] ?? decimalText(one.value, language)
  const changed = held
    .filter((one) => typed[one.code] !== undefined && decimalOf(value(one), language) !== one.value)
    .map((one) => ({ code: one.code, value: decimalOf(value(one), language) }))
  const wrong = changed.some((one) => one.value === undefined)
  const trial = useMutation({
    mutationFn: (assumptions: { code: string; value: string }[]) =>
      given(api.POST("/api/v1/insight/savings/scenario", { params: { query: period }, body: { assumptions } })),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!wrong && changed.length > 0 && !trial.isPending) trial.mutate(changed.flatMap((one) => (one.value === undefined ? [] : [{ code: one.code, value: one.value }])))
  }
  return (
    <form className="more" onSubmit={submit}>
      <div className="trial">
        {held.map((one) => (
          <TextField
            key={one.code}
            label={nameOf(one, language)}
            hint={say("insight.official", { value: decimalText(one.value, language), unit: unitText(one.unit, say) })}
            wrong={decimalOf(value(one), language) === undefined ? say("insight.badNumber") : undefined}
            value={value(one)}
            onChange={(text) => setTyped((before) => ({ ...before, [one.code]: text }))}
            autoComplete="off"
            maxLength={20}
          />
        ))}
      </div>
      <div className="row">
        <Button type="submit" look="first" isPending={trial.isPending} isDisabled={wrong || changed.length === 0}>
          {say("insight.compute")}
        </Button>
        <Button
          onPress={() => {
            setTyped({})
            trial.reset()
          }}
        >
          {say("insight.asOfficial")}
        </Button>
      </div>
      {trial.error !== null && <Failure error={trial.error} />}
      <div role="status">{trial.data && <Compared result={trial.data} />}</div>
    </form>
  )
}

function Compared({ result: { official, scenario } }: { result: Result }) {
  const say = useSay()
  const { language } = useLanguage()
  const money = (dong: number | undefined) => moneyProse(dong ?? 0, language)
  const net = (figures: Result["scenario"]) => figures.find((one) => one.id === "savings.net")?.value ?? 0
  return (
    <div className="more supposed">
      <div>
        <Badge tone="waiting" icon="told">
          {say("insight.scenarioMark")}
        </Badge>
      </div>
      <p>{say("insight.scenarioSentence", { scenario: money(net(scenario)), official: money(net(official.figures)) })}</p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="twin-frame" role="group" aria-label={say("insight.scenario")} tabIndex={0}>
        <table className="twin">
          <caption className="hidden">{say("insight.scenario")}</caption>
          <thead>
            <tr>
              {[say("insight.head.figure"), say("insight.head.official"), say("insight.head.scenario"), say("insight.head.difference")].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scenario.map((one) => {
              const before = official.figures.find((figure) => figure.id === one.id)?.value ?? 0
              return (
                <tr key={one.id}>
                  <th scope="row">{nameOf(one, language)}</th>
                  <td className="number">{money(before)}</td>
                  <td className="number">{money(one.value)}</td>
                  <td className="number">{money((one.value ?? 0) - before)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </div>
  )
}
