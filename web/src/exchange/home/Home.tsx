import { Link } from "react-aria-components"
import { query } from "../../api/client"
import { useMay } from "../../identity/me"
import { type MessageKey, useSay } from "../../language/language"
import { ButtonLink } from "../../parts/Button"
import { Empty, Failure, Waiting } from "../../parts/States"
import { Page } from "../../shell/Page"
import { ClockBadge, UrgencyBadge } from "../words"
import { dutiesOf, DUTY_GROUPS, type Duty } from "./duties"

const SHOWN = 100
const REFRESH_MS = 60_000

/** Today's obligations, by the clock. */
export function Home() {
  const say = useSay()
  const may = useMay()
  const inbox = query.useQuery(
    "get",
    "/api/v1/deliveries",
    { params: { query: { limit: SHOWN } } },
    { enabled: may("documents.read"), refetchInterval: REFRESH_MS },
  )
  const late = query.useQuery(
    "get",
    "/api/v1/late",
    { params: { query: { limit: SHOWN } } },
    { enabled: may("traces.read"), refetchInterval: REFRESH_MS },
  )
  const both = [inbox, late]
  const failed = both.find((one) => one.isError && one.data === undefined)
  const waits = both.some((one) => one.isLoading)
  const duties = dutiesOf(inbox.data?.items ?? [], late.data?.items ?? [], new Date())
  return (
    <Page title={say("home.title")} lead={say("home.lead")}>
      {failed && <Failure error={failed.error} again={() => void failed.refetch()} />}
      {waits && <Waiting />}
      {!failed && !waits && duties.length === 0 && (
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
      {inbox.data?.next && (
        <p className="row">
          {say("home.more", { count: SHOWN })}
          <Link href="/inbox">{say("home.toInbox")}</Link>
        </p>
      )}
    </Page>
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
          <li key={duty.delivery}>
            <div className="what">
              <div className="row">
                <Link href={hrefOf(duty)}>{say(`duty.${duty.verb}`, { code: duty.code ?? "", who: duty.who.name })}</Link>
                <UrgencyBadge urgency={duty.urgency} />
              </div>
              <p className="small faint">{duty.verb === "follow" ? duty.who.code : duty.subject}</p>
            </div>
            <div className="when">{duty.clock && <ClockBadge clock={duty.clock} />}</div>
          </li>
        ))}
      </ul>
    </section>
  )
}

const hrefOf = (duty: Duty) =>
  duty.verb === "follow" ? `/trace?find=${encodeURIComponent(duty.delivery)}` : `/documents/${encodeURIComponent(duty.document)}`
