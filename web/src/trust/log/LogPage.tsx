// The transparency log for everybody: its head, what this browser could check of it, one entry looked up, the latest ones.
import "./log.css"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { type ReactNode, useEffect, useMemo } from "react"
import { Link } from "react-aria-components"
import { query, type Schemas } from "../../api/client"
import { useSession } from "../../api/session"
import { momentText } from "../../language/dates"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Empty, Loaded } from "../../parts/States"
import { Page } from "../../shell/Page"
import { Entries } from "./Entries"
import { Failed } from "./Failed"
import { Lookup } from "./Lookup"
import { base64Of, look, type Look, type Outcome, remember, remembered } from "./look"
import { keyIn, type Said } from "./note"

const route = getRouteApi("/log")

export function LogPage() {
  const say = useSay()
  const { status } = useSession()
  const log = query.useQuery("get", "/api/v1/log")
  return (
    <Page title={say("log.title")} lead={say("log.lead")}>
      <div className="log more">
        <Loaded query={log}>{(found) => (found.given ? <Looked log={found} /> : <Empty title={say("log.none")}>{<p>{say("log.noneAbout")}</p>}</Empty>)}</Loaded>
        {status === "none" && (
          <p className="small">
            <Link href="/">{say("signIn.title")}</Link>
          </p>
        )}
      </div>
    </Page>
  )
}

type Log = Schemas["TransparencyLog"]

function Looked({ log }: { log: Log }) {
  const navigate = useNavigate()
  const { entry, page } = route.useSearch()
  const keys = useMemo(() => ({ own: keyIn(log.key ?? ""), witnesses: log.witnesses.flatMap(({ key }) => keyIn(key) ?? []) }), [log])
  const found = useQuery({
    queryKey: ["log", log.key],
    queryFn: () => look(keys.own, keys.witnesses, remembered(log.origin ?? "")),
    staleTime: 30_000,
    retry: false,
  })
  useEffect(() => {
    if (found.data) remember(found.data)
  }, [found.data])
  return (
    <Loaded query={found}>
      {(seen) => (
        <>
          <Failed look={seen} witnesses={log.witnesses.map(({ name }) => name)} />
          <Present look={seen} log={log} again={() => void found.refetch()} busy={found.isFetching} />
          <Lookup head={seen.head} entry={entry} onLook={(wanted) => void navigate({ to: "/log", search: { entry: wanted, ...(page ? { page } : {}) }, replace: true })} />
          <Entries head={seen.head} page={page} onPage={(wanted) => void navigate({ to: "/log", search: { page: wanted, ...(entry ? { entry } : {}) }, replace: true })} />
        </>
      )}
    </Loaded>
  )
}

function Present({ look: { head, signature, tiles, before, cosigned }, log, again, busy }: { look: Look; log: Log; again: () => void; busy: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <section className="card" aria-labelledby="head">
      <div className="row">
        <h2 id="head">{say("log.head")}</h2>
        <Button onPress={again} isPending={busy}>
          {say("log.again")}
        </Button>
      </div>
      <dl className="pairs">
        <dt>{say("log.origin")}</dt>
        <dd className="long">{head.origin}</dd>
        <dt>{say("log.size")}</dt>
        <dd>{numberText(head.size, language)}</dd>
        {log.newest_at && (
          <>
            <dt>{say("log.newest")}</dt>
            <dd>{say("verify.zoned", { at: momentText(log.newest_at, language) })}</dd>
          </>
        )}
        <dt>{say("log.root")}</dt>
        <dd>
          <code className="long">{base64Of(head.root)}</code>
        </dd>
      </dl>
      <h3>{say("log.checks")}</h3>
      <ul className="lines" aria-label={say("log.checks")}>
        <Check outcome={signature}>{say(`log.signature.${signature}`)}</Check>
        <Check outcome={tiles}>{say("log.tiles")}</Check>
        {before ? (
          <Check outcome={before.outcome}>{say("log.before", { at: momentText(before.seen.at, language), size: before.size })}</Check>
        ) : (
          <Check outcome="unknown">{say("log.first")}</Check>
        )}
        {cosigned.map(({ name, said, size }) => (
          <Check key={name} outcome={outcomeOf(said)}>
            {said.at ? say("log.cosigned", { name, size, at: momentText(said.at, language) }) : say("log.notCosigned", { name })}
          </Check>
        ))}
        {log.witnesses.length === 0 && <Check outcome="unknown">{say("log.noWitness")}</Check>}
      </ul>
      <p className="small faint">{say("log.checksAbout")}</p>
    </section>
  )
}

const outcomeOf = ({ outcome }: Said): Outcome => (outcome === "none" ? "unknown" : outcome)

const MARKS = {
  good: { tone: "good", icon: "check" },
  wrong: { tone: "bad", icon: "wrong" },
  unknown: { tone: "plain", icon: "told" },
} as const

export function Check({ outcome, children }: { outcome: Outcome; children: ReactNode }) {
  const say = useSay()
  return (
    <li>
      <span className="grows long">{children}</span>
      <Badge {...MARKS[outcome]}>{say(`log.outcome.${outcome}`)}</Badge>
    </li>
  )
}

