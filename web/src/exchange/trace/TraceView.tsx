import { Link } from "react-aria-components"
import { dateText, momentText } from "../../language/dates"
import { type Say, useLanguage, useSay } from "../../language/language"
import { ButtonLink } from "../../parts/Button"
import { Icon } from "../../parts/Icon"
import { SignatureBadge, StateBadge, StatusBadge, UrgencyBadge, ClockBadge } from "../words"
import type { Schemas } from "../../api/client"
import type { Trace } from "./find"
import { Hops, Proofs } from "./Hops"

type Delivery = Schemas["TracedDelivery"]

const isLate = ({ clocks }: Delivery) => clocks.some((clock) => clock.late && !clock.stopped)

const holderOf = (delivery: Delivery, recalled: boolean, say: Say) =>
  recalled ? say("trace.recalled") : say(`holder.${delivery.holder}`, { recipient: delivery.recipient_name || delivery.recipient })

/** The answer in one sentence: who has it, or how many still wait for it. */
export function standingOf({ deliveries, recalled }: Trace, say: Say): string {
  const [only] = deliveries
  if (only && deliveries.length === 1) return holderOf(only, recalled, say)
  const waiting = deliveries.filter((delivery) => delivery.waiting).length
  return recalled ? say("trace.recalled") : say("trace.standing", { shown: deliveries.length, waiting, late: deliveries.filter(isLate).length })
}

/** The way of one document: who has it now first, then each recipient with every step, then the document's own steps. */
export function TraceView({ trace }: { trace: Trace }) {
  const say = useSay()
  const { language } = useLanguage()
  const [only] = trace.deliveries
  const alone = trace.deliveries.length === 1
  return (
    <div className="more">
      <section className="card" aria-labelledby="found">
        <div className="row">
          <h2 id="found">{say("trace.found", { code: trace.code || trace.id })}</h2>
          <UrgencyBadge urgency={trace.urgency} />
          {trace.signatures && <SignatureBadge verdict={trace.signatures} />}
        </div>
        {trace.subject && <p>{trace.subject}</p>}
        <p className="faint">
          {say("trace.from", {
            sender: trace.sender_name || trace.sender,
            at: momentText(trace.accepted_at, language),
            count: trace.deliveries_total,
          })}
        </p>
        {trace.unknown && trace.unknown.length > 0 && (
          <p>{say("trace.unknown", { codes: trace.unknown.join(", "), count: trace.unknown.length })}</p>
        )}
        <div className="row">
          {trace.subject !== undefined && <Link href={`/documents/${trace.id}`}>{say("trace.toDocument")}</Link>}
          {trace.subject !== undefined && trace.deliveries_total > 1 && (
            <Link href={`/documents/${trace.id}?tab=board`}>{say("trace.toBoard")}</Link>
          )}
        </div>
      </section>
      {alone && only ? <Now delivery={only} recalled={trace.recalled} /> : <Standing trace={trace} />}
      <section className="more" aria-labelledby="recipients">
        <h2 id="recipients">{say("trace.recipients", { count: trace.deliveries_total })}</h2>
        {trace.deliveries.map((delivery) => (
          <DeliveryCard key={delivery.id} delivery={delivery} open={alone} />
        ))}
        {trace.deliveries_total > trace.deliveries.length && (
          <p className="row">
            {say("trace.shown", { shown: trace.deliveries.length, count: trace.deliveries_total })}
            {trace.subject !== undefined && (
              <ButtonLink href={`/documents/${trace.id}?tab=board`}>{say("trace.toBoard")}</ButtonLink>
            )}
          </p>
        )}
      </section>
      <section className="card" aria-labelledby="own-steps">
        <h2 id="own-steps">{say("trace.ownSteps")}</h2>
        <Hops hops={trace.hops} />
        <Proofs proofs={trace.proofs} />
      </section>
      <p className="small faint">{say("trace.asOf", { at: momentText(trace.as_of, language) })}</p>
    </div>
  )
}

/** Who has it now, why it waits, and who can act. */
function Now({ delivery, recalled }: { delivery: Delivery; recalled: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const { waiting } = delivery
  return (
    <section className={`card now ${isLate(delivery) ? "late" : ""}`} aria-labelledby="now">
      <h2 id="now">{say("trace.now")}</h2>
      <p className="say">{holderOf(delivery, recalled, say)}</p>
      {waiting && <p>{waiting.text[language]}</p>}
      <Clocks clocks={delivery.clocks} />
    </section>
  )
}

/** The same for many recipients, in figures. */
function Standing({ trace }: { trace: Trace }) {
  const say = useSay()
  return (
    <section className={`card now ${trace.deliveries.some(isLate) ? "late" : ""}`} aria-labelledby="now">
      <h2 id="now">{say("trace.now")}</h2>
      <p className="say">{standingOf(trace, say)}</p>
    </section>
  )
}

function Clocks({ clocks }: { clocks: Schemas["Clock"][] }) {
  const say = useSay()
  return (
    <ul className="row">
      {clocks.map((clock) => (
        <li key={clock.rule} className="row">
          <span className="faint">{say(`clock.rule.${clock.rule}`)}</span>
          <ClockBadge clock={clock} />
        </li>
      ))}
    </ul>
  )
}

function DeliveryCard({ delivery, open }: { delivery: Delivery; open: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const { waiting, status } = delivery
  return (
    <details className="card delivery" open={open}>
      <summary>
        <Icon name="right" className="turns" />
        <span className="name">
          {delivery.recipient_name || delivery.recipient} <span className="faint">{delivery.recipient}</span>
        </span>
        <StateBadge state={delivery.state} />
        {status && <StatusBadge code={status} />}
        {delivery.clocks
          .filter((clock) => clock.late && !clock.stopped)
          .map((clock) => (
            <ClockBadge key={clock.rule} clock={clock} />
          ))}
      </summary>
      <div className="inside">
        {waiting && !open && <p>{waiting.text[language]}</p>}
        {waiting?.system_last_called && (
          <p className="small faint">
            {say("trace.lastCalled", { system: waiting.system ?? "", on: dateText(waiting.system_last_called, language) })}
          </p>
        )}
        {!open && <Clocks clocks={delivery.clocks} />}
        <Hops hops={delivery.hops} />
        <Proofs proofs={delivery.proofs} />
      </div>
    </details>
  )
}
