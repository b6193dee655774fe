// Monthly reports: sealed, to be taken away, two months side by side, and computed again by whoever doubts one.
import { useMutation } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { api, given, query, type Schemas } from "../../api/client"
import { SignatureBadge } from "../../exchange/words"
import { momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Empty, Failure, Loaded } from "../../parts/States"
import { findingsIn } from "../../trust/verify/findings"
import { monthText } from "../periods"
import { Compare } from "./Compare"
import { fileAddress, fileName, type Judged, judgePdf, type Report } from "./files"

export function Reports() {
  const say = useSay()
  const reports = query.useQuery("get", "/api/v1/insight/reports")
  return (
    <Loaded query={reports}>
      {({ items }) => (
        <>
          <section className="card" aria-labelledby="reports">
            <h2 id="reports">{say("insight.reports")}</h2>
            <p className="faint">{say("insight.reportsAbout")}</p>
            {items.length === 0 ? (
              <Empty title={say("insight.noReports")}>
                <p>{say("insight.noReportsRemedy")}</p>
              </Empty>
            ) : (
              <ul className="lines">
                {items.map((one) => (
                  <Row key={one.id} report={one} />
                ))}
              </ul>
            )}
          </section>
          {items.length > 1 && <Compare reports={items} />}
        </>
      )}
    </Loaded>
  )
}

function Row({ report }: { report: Report }) {
  const say = useSay()
  const { language } = useLanguage()
  const seal = useMutation({ mutationFn: () => judgePdf(report) })
  const again = useMutation({
    mutationFn: () => given(api.GET("/api/v1/insight/reports/{number}/verification", { params: { path: { number: report.id } } })),
  })
  const month = monthText(report.month)
  const made = { as_of: momentText(report.as_of, language), made: momentText(report.made_at, language), version: report.assumptions }
  return (
    <li>
      <span className="grows">
        <b>{say("insight.report", { month, id: report.id })}</b>
        <br />
        <span className="small faint">{say("insight.reportMade", made)}</span>
      </span>
      {report.superseded && (
        <Badge tone="plain" icon="back">
          {say("insight.superseded")}
        </Badge>
      )}
      <span className="row">
        {(["pdf", "csv"] as const).map((kind) => (
          <a key={kind} href={fileAddress(report, kind)} download={fileName(report, kind)} aria-label={say(`insight.take.${kind}Of`, { month })}>
            {say(`insight.take.${kind}`)}
          </a>
        ))}
      </span>
      <span className="row">
        <Button icon="seal" onPress={() => seal.mutate()} isPending={seal.isPending} aria-label={say("insight.sealOf", { month })}>
          {say("insight.seal")}
        </Button>
        <Button icon="check" onPress={() => again.mutate()} isPending={again.isPending} aria-label={say("insight.againOf", { month })}>
          {say("insight.again")}
        </Button>
      </span>
      <div role="status" className="verdict">
        {seal.isPending && say("insight.sealing")}
        {again.isPending && say("insight.computing")}
        {seal.data && <Seal judged={seal.data} />}
        {again.data && <Again verdict={again.data} hash={seal.data?.report.sha256} />}
      </div>
      {seal.error !== null && <Failure error={seal.error} />}
      {again.error !== null && <Failure error={again.error} />}
    </li>
  )
}

function Pair({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** Who sealed it, and what a stranger's program would say of that. */
function Seal({ judged: { report, hash } }: { judged: Judged }) {
  const say = useSay()
  const { language } = useLanguage()
  const [finding] = findingsIn(report).findings
  if (!finding) return <p>{say("verify.about.unsigned")}</p>
  const { verdict, signer, organisation, provenAt, claimedAt, changed, later, covers, text, demonstration } = finding
  const sealed = provenAt ?? claimedAt
  return (
    <div className="more">
      <div>
        <SignatureBadge verdict={verdict} />
      </div>
      <p>{verdict === "valid" ? say("insight.sealGood") : (text?.[language] ?? say("verify.notTrusted"))}</p>
      <dl className="pairs small">
        <Pair title={say("insight.sealedBy")}>{[...new Set([signer, organisation])].filter(Boolean).join(", ") || say("signatures.unknownSigner")}</Pair>
        {sealed && <Pair title={provenAt ? say("insight.sealedAt") : say("insight.sealClaimed")}>{momentText(sealed, language)}</Pair>}
        <Pair title={say("verify.changed")}>
          {say(`verify.changed.${changed}`, { what: covers.join(", ") })}
          {later.length > 0 && (
            <ul>
              {later.map((one) => (
                <li key={one.en}>{one[language]}</li>
              ))}
            </ul>
          )}
        </Pair>
        <Pair title={say("insight.digest.pdf")}>
          <code>{hash}</code>
        </Pair>
      </dl>
      {demonstration && <p className="notice waiting">{say("verify.demonstration")}</p>}
    </div>
  )
}

/** Whether the records still give the same bytes. */
function Again({ verdict, hash }: { verdict: Schemas["ReportVerdict"]; hash: string | undefined }) {
  const say = useSay()
  const same = verdict.csv_same && verdict.pdf_same
  return (
    <div className="more">
      <div>
        <Badge tone={same ? "good" : verdict.basis_same ? "bad" : "waiting"} icon={same ? "check" : verdict.basis_same ? "wrong" : "told"}>
          {same ? say("insight.sameReport") : say("insight.otherReport")}
        </Badge>
      </div>
      {!same && <p>{verdict.basis_same ? say("insight.otherRecords") : say("insight.otherBasis")}</p>}
      <dl className="pairs small">
        <Pair title={say("insight.digest.csv")}>
          <code>{verdict.csv_sha256}</code>
        </Pair>
        {hash !== verdict.pdf_sha256 && (
          <Pair title={say("insight.digest.pdf")}>
            <code>{verdict.pdf_sha256}</code>
          </Pair>
        )}
      </dl>
    </div>
  )
}
