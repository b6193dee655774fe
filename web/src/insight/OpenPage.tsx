// Figures for everybody, without sign-in: of whole months, of all organisations together, without small counts.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { Link } from "react-aria-components"
import "./insight.css"
import { query } from "../api/client"
import { useSession } from "../api/session"
import { useSay } from "../language/language"
import { Figure } from "../parts/Figure"
import { Select } from "../parts/Select"
import { Loaded } from "../parts/States"
import { Page } from "../shell/Page"
import { Assumptions } from "./Assumptions"
import { Head } from "./Head"
import { dayOf, lastMonth, monthText } from "./periods"
import { Published } from "./Published"
import { useAmounts } from "./words"

const route = getRouteApi("/open-figures")
const MONTHS = 12

/** The last twelve months that are over, the newest first. */
function monthsOver(): string[] {
  const all = [lastMonth(dayOf(new Date()))]
  while (all.length < MONTHS) all.push(lastMonth(`${all.at(-1) ?? ""}-01`))
  return all
}

export function OpenPage() {
  const say = useSay()
  const navigate = useNavigate()
  const { status } = useSession()
  const months = monthsOver()
  const asked = route.useSearch().month
  const month = asked ?? months[0] ?? ""
  const { amounts, heads } = useAmounts()
  const found = query.useQuery("get", "/api/v1/insight/open", { params: { query: { month } } })
  return (
    <div className="open-figures more">
      <Page title={say("openFigures.title")} lead={say("insight.openLead")}>
        <div className="filters">
          <Select
            label={say("insight.month")}
            choices={[...new Set([month, ...months])].map((value) => ({ value, text: monthText(value) }))}
            value={month}
            onChange={(value) => void navigate({ to: "/open-figures", search: { month: value }, replace: true })}
          />
        </div>
        <Loaded query={found}>
          {(open) => (
            <section className="card" aria-labelledby="open">
              <h2 id="open">{say("insight.openMonth", { month: monthText(month) })}</h2>
              <Head of={open} />
              <Figure
                title={say("insight.openMonth", { month: monthText(month) })}
                sentence={say("insight.openSentence", { count: open.figures.length, withheld: open.figures.filter((one) => one.suppressed).length })}
                amounts={amounts(open.figures)}
                heads={heads}
              />
            </section>
          )}
        </Loaded>
        <Published />
        <Assumptions />
      </Page>
      {status === "none" && (
        <p>
          <Link href="/">{say("insight.signIn")}</Link>
        </p>
      )}
    </div>
  )
}
