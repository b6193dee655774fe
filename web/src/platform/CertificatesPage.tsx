// Which certificates end when, month by month.
import "./platform.css"
import { useMemo } from "react"
import { byCursor, query, type Schemas } from "../api/client"
import { dateText } from "../language/dates"
import { numberText } from "../language/numbers"
import { useLanguage, useSay } from "../language/language"
import { Badge } from "../parts/Badge"
import { Button } from "../parts/Button"
import { Icon } from "../parts/Icon"
import { Empty, Loaded } from "../parts/States"
import { Page } from "../shell/Page"
import { byMonth, leftOf, monthText } from "./months"

type Dated = Schemas["DatedCertificate"]

export function CertificatesPage() {
  const say = useSay()
  const { language } = useLanguage()
  const pages = query.useInfiniteQuery("get", "/api/v1/certificates", { params: { query: { limit: 200 } } }, byCursor)
  const rows = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const amount = (wanted: string) => rows.filter((row) => leftOf(row.days_left) === wanted).length
  return (
    <Page title={say("certificates.title")} lead={say("certificates.lead")}>
      <Loaded query={pages}>
        {({ pages: [first] }) => (
          <>
            {first?.troubles.map((one) => (
              <p key={one.en} className="notice bad">
                <Icon name="wrong" />
                <span>{one[language]}</span>
              </p>
            ))}
            {rows.length === 0 ? (
              <Empty title={say("certificates.empty")} />
            ) : (
              <p role="status">{say("certificates.sentence", { count: rows.length, soon: amount("soon"), over: amount("over") })}</p>
            )}
            {byMonth(rows).map(({ first: month, rows: ending }) => (
              <section key={month ?? ""} className="card" aria-label={month ? monthText(month, language) : say("certificates.undated")}>
                <h2>{month ? say("certificates.month", { month: monthText(month, language) }) : say("certificates.undated")}</h2>
                <ul className="lines">
                  {ending.map((one) => (
                    <Line key={`${one.use} ${one.name} ${one.fingerprint ?? ""}`} certificate={one} />
                  ))}
                </ul>
              </section>
            ))}
            {pages.hasNextPage && (
              <div>
                <Button onPress={() => void pages.fetchNextPage()} isPending={pages.isFetchingNextPage}>
                  {say("list.more")}
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

const MARKS = {
  over: { tone: "bad", icon: "wrong" },
  soon: { tone: "waiting", icon: "late" },
  good: { tone: "good", icon: "check" },
  unknown: { tone: "plain", icon: "told" },
} as const

function Line({ certificate: one }: { certificate: Dated }) {
  const say = useSay()
  const { language } = useLanguage()
  const left = leftOf(one.days_left)
  const days = numberText(Math.abs(one.days_left ?? 0), language)
  return (
    <li>
      <span className="grows">
        <b>{one.name}</b> <span className="faint">{say(`certificates.use.${one.use}`)}</span>
        {one.subject && (
          <>
            <br />
            <span className="small long">{say("certificates.names", { subject: one.subject, issuer: one.issuer ?? "–" })}</span>
          </>
        )}
        {one.fingerprint && (
          <>
            <br />
            <code className="small faint long">{one.fingerprint}</code>
          </>
        )}
      </span>
      {one.demonstration && (
        <Badge tone="waiting" icon="told">
          {say("certificates.demonstration")}
        </Badge>
      )}
      {one.not_after && <span>{dateText(one.not_after, language)}</span>}
      <Badge {...MARKS[left]}>{say(`certificates.left.${left}`, { days })}</Badge>
    </li>
  )
}
