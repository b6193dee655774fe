// The urgent lane: what is urgent and not answered yet, with the time that is left. It keeps itself up to date.
import { useEffect, useState } from "react"
import { Link } from "react-aria-components"
import { query } from "../../api/client"
import { useMay, useOwnOrganisations } from "../../identity/me"
import { minutesText, momentText } from "../../language/dates"
import { type MessageKey, useLanguage, useSay } from "../../language/language"
import { Empty, Loaded } from "../../parts/States"
import { Page } from "../../shell/Page"
import { UrgencyBadge } from "../words"
import { followedLane, minutesUntil, ownLane, type Waiting } from "./lane"
import "./urgent.css"

const SHOWN = 100
const REFRESH_MS = 10_000

export function UrgentPage() {
  const say = useSay()
  const may = useMay()
  return (
    <Page title={say("urgent.title")} lead={say("urgent.lead")}>
      {may("documents.read") && <Own />}
      {may("statistics.read") && <Followed />}
    </Page>
  )
}

function Own() {
  const inbox = query.useQuery("get", "/api/v1/deliveries", { params: { query: { limit: SHOWN } } }, { refetchInterval: REFRESH_MS })
  return <Loaded query={inbox}>{({ items }) => <Lane id="own" title="urgent.own" nothing="urgent.ownNothing" rows={ownLane(items)} more={items.length === SHOWN && items.every((one) => one.urgency > 0)} />}</Loaded>
}

/** Of somebody who follows everything all; of others what their organisations sent, since what they received stands above. */
function Followed() {
  const { everywhere } = useOwnOrganisations("statistics.read")
  const direction = everywhere ? "received" : "sent"
  const counted = query.useQuery(
    "get",
    "/api/v1/insight/deliveries",
    { params: { query: { limit: SHOWN, direction, urgent: true, progress: "unanswered" } } },
    { refetchInterval: REFRESH_MS },
  )
  return (
    <Loaded query={counted}>
      {({ items, next }) => <Lane id="followed" title="urgent.followed" nothing="urgent.followedNothing" rows={followedLane(items)} more={next !== undefined} />}
    </Loaded>
  )
}

function Lane({ id, title, nothing, rows, more }: { id: string; title: MessageKey; nothing: MessageKey; rows: Waiting[]; more: boolean }) {
  const say = useSay()
  const now = useNow()
  const late = rows.filter((row) => row.due !== undefined && row.due < now).length
  return (
    <section className="more" aria-labelledby={id}>
      <h2 id={id}>{say(title)}</h2>
      {rows.length === 0 ? (
        <Empty title={say(nothing)} />
      ) : (
        <>
          <p role="status">{say("urgent.sentence", { count: rows.length, late })}</p>
          <ul className="duties lane">
            {rows.map((row) => (
              <li key={row.delivery}>
                <div className="what">
                  <div className="row">
                    <Link href={row.href}>{row.code ? say("urgent.from", { code: row.code, who: row.who }) : row.who}</Link>
                    <UrgencyBadge urgency={row.urgency} />
                  </div>
                  <p className="small faint">{row.code ? row.subject : say("urgent.sentBy", { who: row.subject ?? "" })}</p>
                </div>
                <Left due={row.due} now={now} />
              </li>
            ))}
          </ul>
          {more && <p>{say("urgent.more", { count: SHOWN })}</p>}
        </>
      )}
    </section>
  )
}

/** What is left in figures to be read from afar, and until when. */
function Left({ due, now }: { due: number | undefined; now: number }) {
  const say = useSay()
  const { language } = useLanguage()
  if (due === undefined)
    return (
      <div className="when">
        <p className="small faint">{say("clock.paused")}</p>
      </div>
    )
  const minutes = minutesUntil(due, now)
  const time = minutesText(Math.abs(minutes), language)
  return (
    <div className="when">
      <p className={minutes < 0 ? "left over" : "left"}>{minutes < 0 ? say("urgent.over", { time }) : say("urgent.left", { time })}</p>
      <p className="small faint">{say("urgent.due", { at: momentText(new Date(due), language) })}</p>
    </div>
  )
}

function useNow() {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  return now
}
