import { useQuery } from "@tanstack/react-query"
import { Link } from "react-aria-components"
import { query, type Schemas } from "../../api/client"
import { lapseOf, useDecisions } from "../../identity/approvals/waiting"
import { useMay } from "../../identity/me"
import { dateText, minutesText } from "../../language/dates"
import { type MessageKey, useLanguage, useSay } from "../../language/language"
import { ButtonLink } from "../../parts/Button"
import { Empty, Failure, Waiting } from "../../parts/States"
import { Page } from "../../shell/Page"
import { ClockBadge, UrgencyBadge } from "../words"
import { dutiesOf, DUTY_GROUPS, type Duty, type FollowDuty, type OwnDuty } from "./duties"
import { workingMinutes } from "./working"
import { inboxOptions, lateOptions } from "./asking"
import { SHOWN } from "./first"

const REFRESH_MS = 60_000
const CALENDAR_MS = 3600_000

/** Today's obligations, by the clock. */
export function Home() {
  const say = useSay()
  const may = useMay()
  const inbox = useQuery({ ...inboxOptions(), enabled: may("documents.read"), refetchInterval: REFRESH_MS })
  const late = useQuery({ ...lateOptions(), enabled: may("traces.read"), refetchInterval: REFRESH_MS })
  const decisions = useDecisions()
  const lists = [inbox, late, decisions.found]
  const failed = lists.find((one) => one.isError && one.data === undefined)
  const waits = lists.some((one) => one.isLoading)
  const duties = dutiesOf(inbox.data?.items ?? [], late.data?.items ?? [], new Date())
  return (
    <Page title={say("home.title")} lead={say("home.lead")}>
      {failed && <Failure error={failed.error} again={() => void failed.refetch()} />}
      {waits && <Waiting />}
      {!failed && !waits && duties.length === 0 && decisions.items.length === 0 && (
        <Empty title={say("home.nothing")}>
          {may("traces.read") && (
            <ButtonLink href="/trace" icon="route">
              {say("trace.title")}
            </ButtonLink>
          )}
        </Empty>
      )}
      {DUTY_GROUPS.map((group) => (
        <DutyList key={group} title={`home.${group}`} duties={duties.filter((duty) => duty.group === group)} />
      ))}
      {!waits && <Decisions items={decisions.items} />}
      {inbox.data?.next && (
        <p className="row">
          {say("home.more", { count: SHOWN })}
          <Link href="/inbox">{say("home.toInbox")}</Link>
        </p>
      )}
    </Page>
  )
}

/** What takes two administrators, and waits for the second. */
function Decisions({ items }: { items: Schemas["Approval"][] }) {
  const say = useSay()
  const { language } = useLanguage()
  if (items.length === 0) return null
  return (
    <section className="more" aria-labelledby="decisions">
      <h2 id="decisions">{say("home.decide", { count: items.length })}</h2>
      <ul className="duties">
        {items.map((one) => (
          <li key={one.approval}>
            <div className="what">
              <Link href="/approvals">{say("approvals.one", { act: say(`approvals.act.${one.act}`), subject: one.subject })}</Link>
              <p className="small faint">{say("approvals.because", { reason: one.reason })}</p>
            </div>
            <p className="small faint">{say("approvals.lapses", { at: dateText(lapseOf(one), language) })}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function DutyList({ title, duties }: { title: MessageKey; duties: Duty[] }) {
  const say = useSay()
  if (duties.length === 0) return null
  return (
    <section className="more" aria-labelledby={title}>
      <h2 id={title}>{say(title, { count: duties.length })}</h2>
      <ul className="duties">
        {duties.map((duty) => (
          <li key={`${duty.delivery} ${duty.verb}`}>
            {duty.verb === "follow" ? <Followed duty={duty} /> : <Own duty={duty} />}
            <div className="when">
              {duty.clock && <ClockBadge clock={duty.clock} />}
              {duty.clock && <Left clock={duty.clock} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Own({ duty }: { duty: OwnDuty }) {
  const say = useSay()
  return (
    <div className="what">
      <div className="row">
        <Link href={`/documents/${encodeURIComponent(duty.document)}`}>{say(`duty.${duty.verb}`, { code: duty.code || duty.document, who: duty.who.name || duty.who.code })}</Link>
        <UrgencyBadge urgency={duty.urgency} />
      </div>
      <p className="small faint">{duty.subject}</p>
    </div>
  )
}

/** Of our documents, to whoever is late with them. */
function Followed({ duty: { document, delivery, code, subject, late, clock } }: { duty: FollowDuty }) {
  const say = useSay()
  const [first] = late
  const alone = late.length === 1 && first
  return (
    <div className="what">
      <Link href={alone ? `/trace?find=${encodeURIComponent(delivery)}` : `/documents/${encodeURIComponent(document)}?tab=board`}>
        {alone
          ? say("duty.follow", { code, who: first.name || first.code, rule: clock.rule })
          : say("duty.followMany", { code, count: late.length, rule: clock.rule })}
      </Link>
      <p className="small faint">{subject}</p>
    </div>
  )
}

/** How much time is left: of working time, unless it is urgent. */
function Left({ clock }: { clock: Schemas["Clock"] }) {
  const say = useSay()
  const { language } = useLanguage()
  const calendar = query.useQuery("get", "/api/v1/calendar", {}, { staleTime: CALENDAR_MS, enabled: !clock.urgent }).data
  if (!clock.due || clock.late || clock.paused) return null
  const now = new Date()
  const due = new Date(clock.due)
  if (clock.urgent) return <p className="small faint">{say("home.leftUrgent", { time: minutesText((due.getTime() - now.getTime()) / 60_000, language) })}</p>
  const left = calendar && workingMinutes(calendar, now, due)
  return left ? <p className="small faint">{say("home.left", { time: minutesText(left, language) })}</p> : null
}
