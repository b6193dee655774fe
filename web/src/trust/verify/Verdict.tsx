// What the server found in a file, for people who have never seen a certificate.
import type { ReactNode } from "react"
import type { Schemas } from "../../api/client"
import { SignatureBadge } from "../../exchange/words"
import { momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Icon } from "../../parts/Icon"
import { type Finding, findingsIn } from "./findings"

type Report = Schemas["VerifyReport"]
const MARKS = { valid: "seal", undetermined: "told", invalid: "wrong", unsigned: "empty" } as const

export function Verdict({ report, hash }: { report: Report; hash: string | undefined }) {
  const say = useSay()
  const { language } = useLanguage()
  const { findings, steps, evidences, judgedAt, remarks } = findingsIn(report)
  return (
    <div className="more">
      <section className={`card verdict ${report.verdict}`} aria-labelledby="verdict">
        <div role="status">
          <h2 id="verdict" className="row">
            <Icon name={MARKS[report.verdict]} />
            {say(`verify.verdict.${report.verdict}`)}
          </h2>
          <p>{say(`verify.about.${report.verdict}`)}</p>
        </div>
        {report.verdict === "undetermined" && <p>{say("verify.remedy")}</p>}
        {findings.some((one) => one.revocationUnknown) && <p>{say("verify.revocation")}</p>}
        {findings.some((one) => one.demonstration) && <Notice>{say("verify.demonstration")}</Notice>}
        {hash && hash !== report.sha256 && <Notice>{say("verify.otherHash", { hash: report.sha256 })}</Notice>}
        {remarks.map((one) => (
          <p key={one.en}>{one[language]}</p>
        ))}
        <p className="small faint">
          {judgedAt
            ? say("verify.judgedAt", { at: momentText(judgedAt, language), host: location.host })
            : say("verify.judgedBy", { host: location.host })}
        </p>
        <div className="unprinted">
          <Button icon="save" onPress={() => print()}>
            {say("verify.print")}
          </Button>
        </div>
      </section>
      {steps.length > 0 && (
        <section className="card" aria-labelledby="bundle">
          <h2 id="bundle">{say("verify.bundle", { count: evidences })}</h2>
          <ul className="lines">
            {steps.map((step) => (
              <li key={step.text.en}>
                <span className="grows">{step.text[language]}</span>
                <Outcome verdict={step.verdict} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {findings.map((one, place) => (
        <Signature key={`${one.file} ${one.field} ${place}`} finding={one} number={place + 1} />
      ))}
      {report.explanation.length > 0 && (
        <details className="unprinted">
          <summary>{say("verify.steps")}</summary>
          {report.explanation.map((one, place) => (
            <pre key={place} className="explained">
              {one[language]}
            </pre>
          ))}
        </details>
      )}
    </div>
  )
}

function Notice({ children }: { children: string }) {
  return (
    <p className="notice waiting">
      <Icon name="late" />
      <span>{children}</span>
    </p>
  )
}

function Outcome({ verdict }: { verdict: Finding["verdict"] }) {
  const say = useSay()
  const tone = ({ valid: "good", undetermined: "waiting", invalid: "bad" } as const)[verdict]
  const icon = ({ valid: "check", undetermined: "told", invalid: "wrong" } as const)[verdict]
  return (
    <Badge tone={tone} icon={icon}>
      {say(`verify.outcome.${verdict}`)}
    </Badge>
  )
}

function Signature({ finding: one, number }: { finding: Finding; number: number }) {
  const say = useSay()
  const { language } = useLanguage()
  const zoned = (at: string) => say("verify.zoned", { at: momentText(at, language) })
  const trusted = one.verdict === "valid" ? say("verify.trusted", { root: one.root || one.signer }) : (one.text?.[language] ?? say("verify.notTrusted"))
  return (
    <section className="card" aria-labelledby={`signature-${number}`}>
      <div className="row">
        <h2 id={`signature-${number}`}>{one.signer || say("signatures.unknownSigner")}</h2>
        <SignatureBadge verdict={one.verdict} />
      </div>
      <dl className="pairs">
        <Pair title={say("signatures.capacity")}>{say(`capacity.${one.capacity}`)}</Pair>
        {one.organisation && <Pair title={say("verify.organisation")}>{one.organisation}</Pair>}
        <Pair title={say("verify.trust")}>{trusted}</Pair>
        <Pair title={say("verify.changed")}>
          {say(`verify.changed.${one.changed}`, { what: one.covers.join(", ") })}
          {one.later.length > 0 && (
            <ul className="small">
              {one.later.map((change) => (
                <li key={change.en}>{change[language]}</li>
              ))}
            </ul>
          )}
        </Pair>
        {one.provenAt && <Pair title={say("signatures.provenAt")}>{zoned(one.provenAt)}</Pair>}
        {one.claimedAt && <Pair title={say("signatures.claimedAt")}>{zoned(one.claimedAt)}</Pair>}
        {one.issuer && <Pair title={say("signatures.issuer")}>{one.issuer}</Pair>}
        {one.file && <Pair title={say("signatures.file")}>{one.file}</Pair>}
        <Pair title={say("verify.format")}>{formatOf(one)}</Pair>
      </dl>
    </section>
  )
}

const formatOf = ({ profile, field }: Finding) => [profile, field].filter(Boolean).join(", ") || "–"

function Pair({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd className="long">{children}</dd>
    </>
  )
}
