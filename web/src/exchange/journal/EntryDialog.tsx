// One entry: what it tells, each value with its label and in words. As it is written stands below, for whoever compares
// hashes.
import type { ReactNode } from "react"
import { Link } from "react-aria-components"
import type { Schemas } from "../../api/client"
import { dayText, momentText } from "../../language/dates"
import { bytesText, numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { PERMISSION_WORDS, permissionsIn } from "../../identity/permissions"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { useKindText } from "./kindText"
import { type Form, isMember, MEMBERS } from "./kinds"
import { journalHref, Thing, thingOf, Who } from "./Things"

type Entry = Schemas["JournalEntry"]

export function EntryDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const kindText = useKindText()
  const { seq, at, kind, actor, subject, body, hash } = entry
  return (
    <Dialog title={say("journal.entry", { number: numberText(seq, language), kind: kindText(entry) })} open onClose={onClose}>
      <dl className="pairs told-pairs">
        <dt>{say("journal.at")}</dt>
        <dd>{momentText(at, language)}</dd>
        {actor !== undefined && (
          <>
            <dt>{say("journal.who")}</dt>
            <dd>
              <Who actor={actor} />
            </dd>
          </>
        )}
        <dt>{say("journal.about")}</dt>
        <dd>
          <Thing of={thingOf(kind, subject)} id={subject} />
        </dd>
        <Told body={body} actor={actor} />
        <dt>{say("journal.hash")}</dt>
        <dd className="small chained">{hash}</dd>
      </dl>
      <details>
        <summary>{say("journal.raw")}</summary>
        <pre className="raw small">{JSON.stringify({ kind, subject, body }, null, 1)}</pre>
      </details>
      <ul className="row facts">
        {subject !== "" && (
          <li>
            <Link href={journalHref({ subject })}>{say("journal.sameSubject")}</Link>
          </li>
        )}
        {actor !== undefined && (
          <li>
            <Link href={journalHref({ actor })}>{say("journal.sameActor")}</Link>
          </li>
        )}
        <li>
          <Link href={journalHref({ kind })}>{say("journal.sameKind")}</Link>
        </li>
      </ul>
      <div className="row">
        <Button onPress={onClose}>{say("journal.close")}</Button>
      </div>
    </Dialog>
  )
}

/** Its members with labels; who did it stands above already. */
function Told({ body, actor }: { body: unknown; actor: string | undefined }) {
  const say = useSay()
  if (body === null || typeof body !== "object") return null
  const members = Object.entries(body).filter(([name, value]) => !((name === "by" || name === "from") && value === actor))
  return members.map(([name, value]) => (
    <div key={name} className="contents">
      <dt>{isMember(name) ? say(`journal.member.${name}`) : <span className="unworded">{name}</span>}</dt>
      <dd>
        <Value form={isMember(name) ? MEMBERS[name] : { as: "text" }} value={value} />
      </dd>
    </div>
  ))
}

const MOST = 50 // of many recipients; all of them are in what is written

function Value({ form, value }: { form: Form; value: unknown }): ReactNode {
  const say = useSay()
  const { language } = useLanguage()
  if (Array.isArray(value)) {
    if (value.length === 0) return "–"
    return (
      <ul>
        {value.slice(0, MOST).map((one: unknown, place) => (
          <li key={place}>
            <Value form={form} value={one} />
          </li>
        ))}
        {value.length > MOST && <li>{say("systems.andMore", { count: value.length - MOST })}</li>}
      </ul>
    )
  }
  if (form.as === "forwarded" && value !== null && typeof value === "object") {
    const { for: named, to } = value as { for?: unknown; to?: unknown }
    return say("journal.forwardedTo", { named: String(named), to: String(to) })
  }
  if (value === null || typeof value === "object") return JSON.stringify(value)
  const written = String(value)
  switch (form.as) {
    case "word": {
      const known = form.words[written]
      return known ? say(known) : written
    }
    case "number":
      return typeof value === "number" ? numberText(value, language) : written
    case "bytes":
      return bytesText(Number(value), language)
    case "moment":
      return momentText(written, language)
    case "day":
      return dayText(written, language)
    case "actor":
      return <Who actor={written} />
    case "permissions":
      return permissionsIn(written).map((one) => say(PERMISSION_WORDS[one])).join("; ")
    case "thing":
      // By its number where an entry about posts has it; 0 is the platform.
      if (form.thing === "organisation" && typeof value === "number")
        return value === 0 ? say("journal.thing.platform") : say("journal.thing.organisation", { number: value })
      return <Thing of={form.thing} id={form.thing === "post" ? `post:${written}` : written} />
    case "digest":
      return <span className="small chained">{written}</span>
    default:
      return written
  }
}
