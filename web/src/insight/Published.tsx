// What was published in March 2019, and at which volume the assumptions give it.
import { query } from "../api/client"
import { useLanguage, useSay } from "../language/language"
import { moneyProse, moneyText, numberText } from "../language/numbers"
import { Figure } from "../parts/Figure"
import { Loaded } from "../parts/States"
import { decimalText } from "./values"

export function Published() {
  const say = useSay()
  const { language } = useLanguage()
  const found = query.useQuery("get", "/api/v1/insight/savings/calibration")
  const number = (value: number) => numberText(value, language)
  return (
    <section className="card" aria-labelledby="published">
      <h2 id="published">{say("insight.published")}</h2>
      <Loaded query={found}>
        {({ components, gross, net, cost_at_most, documents_a_year, net_per_document }) => (
          <>
            <Figure
              title={say("insight.published")}
              sentence={say("insight.publishedSentence", {
                gross: moneyProse(gross, language),
                net: moneyProse(net, language),
                cost: moneyProse(cost_at_most, language),
                deliveries: number(components[0]?.deliveries ?? 0),
              })}
              amounts={components.map((one) => ({
                id: one.component,
                title: say(`insight.component.${one.component}`),
                value: one.published,
                text: moneyProse(one.published, language),
                note: say("insight.atVolume", { deliveries: number(one.deliveries) }),
                cells: [say("insight.dong", { value: decimalText(one.dong_per_delivery, language) }), number(one.deliveries), moneyText(one.reproduced, language), moneyText(one.remainder, language)],
              }))}
              of={gross}
              heads={["figure", "published", "each", "volume", "reproduced", "remainder"].map((head) => say(`insight.head.${head}` as "insight.head.figure"))}
            />
            <p className="small faint">
              {say("insight.publishedKnown", {
                documents: number(documents_a_year),
                times: number(Math.round((components[0]?.deliveries ?? 0) / documents_a_year)),
                each: moneyProse(net_per_document, language),
              })}
            </p>
          </>
        )}
      </Loaded>
    </section>
  )
}
