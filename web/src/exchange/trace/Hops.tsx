import type { Schemas } from "../../api/client"
import { momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"

/** Every step in its order: when, what, by whom, and its entry in the journal. */
export function Hops({ hops }: { hops: readonly Schemas["Hop"][] }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <ol className="hops">
      {hops.map((hop, place) => (
        <li key={`${hop.time} ${place}`}>
          <time dateTime={hop.time}>{momentText(hop.time, language)}</time>
          <div>
            <p>{hop.text[language]}</p>
            <p className="row facts by">
              <span>{hop.by === "exchange" ? say("hop.byExchange") : hop.by}</span>
              {hop.journal !== undefined && <span>{say("hop.journal", { number: hop.journal })}</span>}
            </p>
          </div>
        </li>
      ))}
    </ol>
  )
}

/** What proves the steps. */
export function Proofs({ proofs }: { proofs: readonly Schemas["Proof"][] }) {
  const say = useSay()
  const { language } = useLanguage()
  if (proofs.length === 0) return <p className="small faint">{say("proofs.none")}</p>
  return (
    <details>
      <summary className="row">
        <Icon name="seal" /> {say("proofs.title", { count: proofs.length })}
      </summary>
      <ul>
        {proofs.map((proof) => (
          <li key={proof.evidence}>
            <ul className="row facts">
              <li>{momentText(proof.time, language)}</li>
              <li>{proof.event}</li>
              <li>{proof.signed ? say("proofs.signed") : say("proofs.unsigned")}</li>
              {proof.log_index !== undefined && <li>{say("proofs.logged", { number: proof.log_index })}</li>}
            </ul>
          </li>
        ))}
      </ul>
    </details>
  )
}
