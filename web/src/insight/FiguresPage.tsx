// Figures of the exchange: at a glance, how documents flow, what is late, what is saved, and sealed reports of months.
import { getRouteApi } from "@tanstack/react-router"
import "./insight.css"
import { useOwnOrganisations } from "../identity/me"
import { useSay } from "../language/language"
import { Tabs } from "../parts/Tabs"
import { Page } from "../shell/Page"
import { FIGURE_TABS, type FigureTab } from "../shell/router"
import { useChange } from "./address"
import { Flow } from "./Flow"
import { Lateness } from "./Lateness"
import { Overview } from "./Overview"
import { periodOf, PeriodBar } from "./PeriodBar"
import { Reports } from "./reports/Reports"
import { Savings } from "./Savings"

const route = getRouteApi("/figures")
const OF_THE_PLATFORM: readonly FigureTab[] = ["savings", "reports"]

export function FiguresPage() {
  const say = useSay()
  const change = useChange()
  const search = route.useSearch()
  const { everywhere } = useOwnOrganisations("statistics.read")
  const { from, to } = periodOf(search)
  const { organisation, direction } = search
  const asked = { from, to, ...(organisation ? { organisation } : {}), ...(direction ? { direction } : {}) }
  const content = {
    overview: () => <Overview asked={asked} by={search.by} place={search.place} />,
    flow: () => <Flow asked={asked} hours={search.hours} />,
    lateness: () => <Lateness asked={asked} />,
    savings: () => <Savings period={{ from, to }} />,
    reports: () => <Reports />,
  }
  const tab = search.tab ?? "overview"
  const tabs = FIGURE_TABS.filter((one) => everywhere || one === tab || !OF_THE_PLATFORM.includes(one))
  return (
    <Page title={say("figures.title")} lead={say("insight.lead")}>
      {tab !== "reports" && <PeriodBar search={search} scoped={tab !== "savings"} />}
      <Tabs
        label={say("figures.title")}
        tabs={tabs.map((id) => ({ id, title: say(`insight.tab.${id}`), content: id === tab ? <div className="more">{content[id]()}</div> : null }))}
        chosen={tab}
        onChoose={(chosen) => change({ tab: chosen === "overview" ? undefined : chosen })}
      />
    </Page>
  )
}
