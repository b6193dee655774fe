// The platform for those who run it: what its checks say, backup, storage; and who asks how much.
import "./platform.css"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { query, type Schemas } from "../api/client"
import { momentText } from "../language/dates"
import { bytesText, numberText } from "../language/numbers"
import { useLanguage, useSay } from "../language/language"
import { Badge } from "../parts/Badge"
import { Loaded } from "../parts/States"
import { Tabs } from "../parts/Tabs"
import { Page } from "../shell/Page"
import { Quotas } from "./Quotas"

type State = Schemas["PlatformState"]
const route = getRouteApi("/platform")
const REFRESH_MS = 60_000

export function PlatformPage() {
  const say = useSay()
  const navigate = useNavigate()
  const { tab = "state" } = route.useSearch()
  return (
    <Page title={say("platform.title")} lead={say("platform.lead")}>
      <Tabs
        label={say("platform.title")}
        tabs={[
          { id: "state", title: say("platform.state"), content: <Doing /> },
          { id: "quotas", title: say("platform.quotas"), content: <Quotas /> },
        ]}
        chosen={tab}
        onChoose={(chosen) => void navigate({ to: "/platform", search: { tab: chosen }, replace: true })}
      />
    </Page>
  )
}

const ORDER = ["failed", "warning", "ok"] as const
const MARKS = {
  failed: { tone: "bad", icon: "wrong" },
  warning: { tone: "waiting", icon: "late" },
  ok: { tone: "good", icon: "check" },
} as const

function Doing() {
  const found = query.useQuery("get", "/api/v1/platform", {}, { refetchInterval: REFRESH_MS })
  return (
    <Loaded query={found}>
      {(state) => (
        <div className="more">
          <Checks state={state} />
          <Backup backup={state.backup} />
          <Storage storage={state.storage} />
          <About state={state} />
        </div>
      )}
    </Loaded>
  )
}

function Checks({ state: { checks, looked_at } }: { state: State }) {
  const say = useSay()
  const { language } = useLanguage()
  const worst = ORDER.find((one) => checks.some(({ state }) => state === one)) ?? "ok"
  const amount = (wanted: string) => checks.filter(({ state }) => state === wanted).length
  return (
    <section className="card" aria-labelledby="checks">
      <div className="row">
        <h2 id="checks">{say("platform.checks")}</h2>
        <Badge {...MARKS[worst]}>{say(`platform.worst.${worst}`)}</Badge>
      </div>
      <p role="status">{say("platform.sentence", { ok: amount("ok"), warning: amount("warning"), failed: amount("failed"), at: momentText(looked_at, language) })}</p>
      <ul className="lines">
        {ORDER.flatMap((wanted) => checks.filter(({ state }) => state === wanted)).map(({ state, text }) => (
          <li key={text.en}>
            <span className="grows long">{text[language]}</span>
            <Badge {...MARKS[state]}>{say(`platform.check.${state}`)}</Badge>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Backup({ backup: { known, whole_at, hours_ago, documents, failed_at, failed_reason } }: { backup: State["backup"] }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <section className="card" aria-labelledby="backup">
      <div className="row">
        <h2 id="backup">{say("platform.backup")}</h2>
        {failed_at ? (
          <Badge {...MARKS.failed}>{say("platform.backupFailed")}</Badge>
        ) : (
          <Badge {...(known ? MARKS.ok : MARKS.warning)}>{known ? say("platform.backupKnown") : say("platform.backupNone")}</Badge>
        )}
      </div>
      {!known && <p>{say("platform.backupRemedy")}</p>}
      {whole_at && (
        <p>
          {say("platform.backupWhole", {
            at: momentText(whole_at, language),
            hours: numberText(hours_ago ?? 0, language),
            documents: numberText(documents ?? 0, language),
          })}
        </p>
      )}
      {failed_at && <p>{say("platform.backupFailedAt", { at: momentText(failed_at, language), reason: failed_reason ?? "–" })}</p>}
      <p className="small faint">{say("platform.backupAbout")}</p>
    </section>
  )
}

function Storage({ storage: { disk_bytes, disk_free_bytes, documents, document_bytes } }: { storage: State["storage"] }) {
  const say = useSay()
  const { language } = useLanguage()
  const used = disk_bytes > 0 ? Math.round((100 * (disk_bytes - disk_free_bytes)) / disk_bytes) : 0
  return (
    <section className="card" aria-labelledby="storage">
      <h2 id="storage">{say("platform.storage")}</h2>
      <p>{say("platform.disk", { free: bytesText(disk_free_bytes, language), all: bytesText(disk_bytes, language), used })}</p>
      <span className="progress" aria-hidden="true">
        <span className="bar">
          <span className="done" style={{ display: "block", width: `${used}%` }} />
        </span>
      </span>
      <p>
        {document_bytes === undefined
          ? say("platform.counting")
          : say("platform.stored", { documents: numberText(documents ?? 0, language), bytes: bytesText(document_bytes, language) })}
      </p>
    </section>
  )
}

function About({ state: { version, database, started_at } }: { state: State }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <section className="card" aria-labelledby="about">
      <h2 id="about">{say("platform.about")}</h2>
      <dl className="pairs">
        <Pair title={say("platform.version")}>{version}</Pair>
        <Pair title={say("platform.database")}>{database}</Pair>
        <Pair title={say("platform.started")}>{momentText(started_at, language)}</Pair>
      </dl>
    </section>
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
