// The savings ledger: gross by three components, cost, net, each with its range and its denominator; what it rests on;
// and what if that were otherwise. The official figures are the server's alone.
import { query, type Schemas } from "../api/client"
import { useLanguage, useSay } from "../language/language"
import { moneyProse, numberText } from "../language/numbers"
import { Loaded } from "../parts/States"
import { Assumptions } from "./Assumptions"
import { Head } from "./Head"
import type { Period } from "./periods"
import { Published } from "./Published"
import { type Range, Ranges } from "./Ranges"
import { Scenario } from "./Scenario"
import { basisText, nameOf, useDefinitions, useList } from "./words"

type Ledger = Schemas["SavingsLedger"]

export function Savings({ period }: { period: Period }) {
  const ledger = query.useQuery("get", "/api/v1/insight/savings", { params: { query: period } })
  return (
    <Loaded query={ledger}>
      {(found) => (
        <>
          <Official ledger={found} />
          <Sensitivity period={period} />
          <Assumptions settable />
          <Scenario period={period} />
          <Published />
        </>
      )}
    </Loaded>
  )
}

function Official({ ledger }: { ledger: Ledger }) {
  const say = useSay()
  const { language } = useLanguage()
  const definition = useDefinitions()
  const list = useList()
  const figure = (id: string) => ledger.figures.find((one) => one.id === id)
  const money = (dong: number | undefined) => moneyProse(dong ?? 0, language)
  const net = figure("savings.net")
  const ranges = ledger.figures.map((one): Range => {
    const value = one.value ?? 0
    return {
      id: one.id,
      title: nameOf(one, language),
      value,
      low: one.low ?? value,
      high: one.high ?? value,
      href: list(one),
      cells: [basisText(one, say, language), definition(one.id)],
    }
  })
  return (
    <section className="card" aria-labelledby="ledger">
      <h2 id="ledger">{say("insight.ledger")}</h2>
      <Head of={ledger} />
      {ledger.assumptions.includes(0) && <p className="notice waiting">{say("insight.notMeasured")}</p>}
      <Ranges
        title={say("insight.ledger")}
        sentence={say("insight.ledgerSentence", {
          net: money(net?.value),
          low: money(net?.low),
          high: money(net?.high),
          gross: money(figure("savings.gross")?.value),
          cost: money(figure("savings.cost")?.value),
          deliveries: ledger.deliveries,
        })}
        ranges={ranges}
        heads={[say("insight.head.basis"), say("insight.head.definition")]}
      />
      <p className="small faint">
        {say("insight.ledgerBasis", {
          documents: numberText(ledger.documents, language),
          deliveries: numberText(ledger.deliveries, language),
          urgent: numberText(ledger.urgent, language),
          versions: ledger.assumptions.join(", "),
        })}
      </p>
    </section>
  )
}

function Sensitivity({ period }: { period: Period }) {
  const say = useSay()
  const { language } = useLanguage()
  const found = query.useQuery("get", "/api/v1/insight/savings/sensitivity", { params: { query: period } })
  const sheet = query.useQuery("get", "/api/v1/insight/assumptions")
  return (
    <section className="card" aria-labelledby="sensitivity">
      <h2 id="sensitivity">{say("insight.sensitivity")}</h2>
      <Loaded query={found}>
        {({ net, items }) => {
          const name = (code: string) => {
            const one = sheet.data?.in_force.find((held) => held.code === code)
            return one ? nameOf(one, language) : code
          }
          const ranges = items
            .map(({ code, at_low, at_high }) => ({ id: code, title: name(code), low: at_low, value: net, high: at_high }))
            .sort((a, b) => Math.abs(b.high - b.low) - Math.abs(a.high - a.low))
          const first = ranges[0]
          return (
            <Ranges
              title={say("insight.sensitivity")}
              sentence={say("insight.sensitivitySentence", { net: moneyProse(net, language), first: first?.title ?? "–" })}
              ranges={ranges}
            />
          )
        }}
      </Loaded>
    </section>
  )
}
