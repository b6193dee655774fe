// What the exchange says of a file that somebody has: whether it went through, as what, and whether it still holds.
import "../verify/verify.css"
import "./known.css"
import type { ReactNode } from "react"
import { Link } from "react-aria-components"
import { query, type Schemas } from "../../api/client"
import { SignatureBadge } from "../../exchange/words"
import { dayText, momentText, officialDateText } from "../../language/dates"
import { type Language, useLanguage, useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"
import { Loaded } from "../../parts/States"

type Known = Schemas["KnownDocument"]
type Change = Schemas["KnownChange"]
// A document of which one of these is told is not to be used any more.
const ENDED: readonly Change["kind"][] = ["recall_requested", "recalled", "revoked", "replaced"]

/** `printed`: somebody holds a paper, and must compare. */
export function Answer({ hash, printed }: { hash: string; printed?: boolean }) {
  const found = query.useQuery("get", "/api/v1/verify/{sha256}", { params: { path: { sha256: hash } } }, { staleTime: 0, gcTime: 0 })
  return (
    <Loaded query={found}>
      {({ documents }) =>
        documents.length === 0 ? (
          <Unknown printed={printed ?? false} />
        ) : (
          <div className="more">
            {documents.length > 1 && <Several count={documents.length} />}
            {documents.map((one) => (
              <Document key={one.accepted_at + one.code} known={one} printed={printed ?? false} />
            ))}
          </div>
        )
      }
    </Loaded>
  )
}

function Unknown({ printed }: { printed: boolean }) {
  const say = useSay()
  return (
    <section className="card verdict undetermined" aria-labelledby="known">
      <div role="status">
        <h2 id="known" className="row">
          <Icon name="empty" />
          {say("known.no")}
        </h2>
        <p>{printed ? say("known.noPrinted") : say("known.noAbout")}</p>
      </div>
      <p>{say("known.noRemedy")}</p>
    </section>
  )
}

function Several({ count }: { count: number }) {
  const say = useSay()
  return <p>{say("known.several", { count })}</p>
}

function Document({ known, printed }: { known: Known; printed: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const ends = known.changes.filter(({ kind }) => ENDED.includes(kind))
  const updates = known.changes.filter(({ kind }) => !ENDED.includes(kind))
  const id = `known-${known.accepted_at}`
  return (
    <section className={`card verdict ${ends.length > 0 ? "invalid" : "valid"}`} aria-labelledby={id}>
      <div role="status">
        <h2 id={id} className="row">
          <Icon name={ends.length > 0 ? "wrong" : "check"} />
          {ends.length > 0 ? say("known.ended") : say("known.yes")}
        </h2>
        {ends.map((one) => (
          <p key={one.kind + one.at} className="strong">
            {say(`known.change.${one.kind}`, { at: momentText(one.at, language) })}
          </p>
        ))}
      </div>
      {updates.map((one) => (
        <p key={one.at} className="notice waiting">
          <Icon name="late" />
          <span>{say(`known.change.${one.kind}`, { at: momentText(one.at, language) })}</span>
        </p>
      ))}
      {printed && <p>{say("known.compare")}</p>}
      <dl className={printed ? "pairs compared" : "pairs"}>
        <Pair title={say("known.issuer")}>{orDash(known.issuer)}</Pair>
        {known.sender && <Pair title={say("known.sender")}>{say("known.senderAbout", { sender: known.sender })}</Pair>}
        <Pair title={say("known.code")}>{orDash(known.code)}</Pair>
        <Pair title={say("known.issuedOn")}>{dateOf(known, printed, language)}</Pair>
        {known.type && <Pair title={say("known.type")}>{known.type}</Pair>}
      </dl>
      {printed && <p>{say("known.compareAbout")}</p>}
      <dl className="pairs">
        <Pair title={say("known.file")}>{say(`known.file.${known.file}`)}</Pair>
        <Pair title={say("known.acceptedAt")}>{say("verify.zoned", { at: momentText(known.accepted_at, language) })}</Pair>
        <Pair title={say("known.signatures")}>
          {known.signatures ? (
            <>
              <SignatureBadge verdict={known.signatures.verdict} />{" "}
              {say("known.judged", { text: known.signatures.text[language], at: momentText(known.signatures.judged_at, language) })}
            </>
          ) : (
            say("known.notJudged")
          )}
        </Pair>
        <Pair title={say("known.evidence")}>{evidenceText(say, known)}</Pair>
      </dl>
    </section>
  )
}

const orDash = (text: string) => text || "–"

// As the paper writes it.
function dateOf({ issued_on }: Known, printed: boolean, language: Language) {
  if (issued_on === undefined) return "–"
  return printed ? officialDateText(issued_on, language) : dayText(issued_on, language)
}

function evidenceText(say: ReturnType<typeof useSay>, { evidence }: Known) {
  if (evidence.log_index !== undefined) return <Link href={`/log?entry=${evidence.log_index}`}>{say("known.logged", { number: evidence.log_index })}</Link>
  return evidence.given ? say("known.notLogged") : say("known.noEvidence")
}

function Pair({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd className="long">{children}</dd>
    </>
  )
}
