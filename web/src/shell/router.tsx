// Every address of the application. What follows `?` is typed and checked, so that a filtered list can be sent to a
// colleague as an address.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, type ErrorComponentProps } from "@tanstack/react-router"
import { Home } from "../exchange/home/Home"
import { Disconnected } from "../api/client"
import { Failure } from "../parts/States"
import { NotFound } from "./NotFound"
import { Page } from "./Page"
import { Shell } from "./Shell"
import { useSay } from "../language/language"
import { straightText } from "../language/straight"

type Search = Record<string, unknown>
const text = (value: unknown) => (typeof value === "string" ? value : undefined)
const oneOf = <T extends string>(all: readonly T[], value: unknown) => all.find((one) => one === value)
const day = (value: unknown) => (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined)

/** Leaves out what is not there, so that addresses stay short. */
function present<T extends object>(all: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== "")) as never
}

export const DOCUMENT_TABS = ["overview", "board", "signatures"] as const
export type DocumentTab = (typeof DOCUMENT_TABS)[number]

const mailboxSearch = (search: Search) =>
  present({ organisation: text(search.organisation), from: day(search.from), to: day(search.to) })
export type MailboxSearch = ReturnType<typeof mailboxSearch>

const journalSearch = (search: Search) =>
  present({ subject: text(search.subject), actor: text(search.actor), kind: text(search.kind), from: day(search.from), to: day(search.to), entry: text(search.entry) })
export type JournalSearch = ReturnType<typeof journalSearch>

export const PLATFORM_TABS = ["state", "quotas"] as const

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken })
const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: Home,
})
const trace = createRoute({
  getParentRoute: () => root,
  path: "/trace",
  validateSearch: (search: Search) => present({ find: text(search.find), sender: text(search.sender) }),
  component: lazyRouteComponent(() => import("../exchange/trace/TracePage"), "TracePage"),
})
const inbox = createRoute({
  getParentRoute: () => root,
  path: "/inbox",
  validateSearch: mailboxSearch,
  component: lazyRouteComponent(() => import("../exchange/mailboxes/Inbox"), "Inbox"),
})
const received = createRoute({
  getParentRoute: () => root,
  path: "/received",
  validateSearch: mailboxSearch,
  component: lazyRouteComponent(() => import("../exchange/mailboxes/Documents"), "Received"),
})
const search = createRoute({
  getParentRoute: () => root,
  path: "/search",
  validateSearch: (search: Search) => present({ q: text(search.q) }),
  component: lazyRouteComponent(() => import("../exchange/search/SearchPage"), "SearchPage"),
})
const late = createRoute({
  getParentRoute: () => root,
  path: "/late",
  component: lazyRouteComponent(() => import("../exchange/late/LatePage"), "LatePage"),
})
const urgent = createRoute({
  getParentRoute: () => root,
  path: "/urgent",
  component: lazyRouteComponent(() => import("../exchange/urgent/UrgentPage"), "UrgentPage"),
})
const journal = createRoute({
  getParentRoute: () => root,
  path: "/journal",
  validateSearch: journalSearch,
  component: lazyRouteComponent(() => import("../exchange/journal/JournalPage"), "JournalPage"),
})
const outbox = createRoute({
  getParentRoute: () => root,
  path: "/outbox",
  validateSearch: mailboxSearch,
  component: lazyRouteComponent(() => import("../exchange/mailboxes/Documents"), "Outbox"),
})
const document = createRoute({
  getParentRoute: () => root,
  path: "/documents/$id",
  validateSearch: (search: Search) => present({ tab: oneOf(DOCUMENT_TABS, search.tab) }),
  component: lazyRouteComponent(() => import("../exchange/document/DocumentPage"), "DocumentPage"),
})
const send = createRoute({
  getParentRoute: () => root,
  path: "/send",
  component: lazyRouteComponent(() => import("../exchange/send/SendPage"), "SendPage"),
})
const viewer = createRoute({
  getParentRoute: () => root,
  path: "/documents/$id/files/$number",
  component: lazyRouteComponent(() => import("../exchange/viewer/ViewerPage"), "ViewerPage"),
})
const profile = createRoute({
  getParentRoute: () => root,
  path: "/profile",
  component: lazyRouteComponent(() => import("../identity/profile/ProfilePage"), "ProfilePage"),
})
const systems = createRoute({
  getParentRoute: () => root,
  path: "/systems",
  component: lazyRouteComponent(() => import("../identity/systems/SystemsPage"), "SystemsPage"),
})
const system = createRoute({
  getParentRoute: () => root,
  path: "/systems/$system",
  component: lazyRouteComponent(() => import("../identity/systems/SystemPage"), "SystemPage"),
})
const integrations = createRoute({
  getParentRoute: () => root,
  path: "/integrations",
  validateSearch: (search: Search) => present({ q: text(search.q), shown: oneOf(["troubled"] as const, search.shown) }),
  component: lazyRouteComponent(() => import("../platform/IntegrationsPage"), "IntegrationsPage"),
})
const certificates = createRoute({
  getParentRoute: () => root,
  path: "/certificates",
  component: lazyRouteComponent(() => import("../platform/CertificatesPage"), "CertificatesPage"),
})
const platform = createRoute({
  getParentRoute: () => root,
  path: "/platform",
  validateSearch: (search: Search) => present({ tab: oneOf(PLATFORM_TABS, search.tab) }),
  component: lazyRouteComponent(() => import("../platform/PlatformPage"), "PlatformPage"),
})
const organisations = createRoute({
  getParentRoute: () => root,
  path: "/organisations",
  validateSearch: (search: Search) => present({ q: text(search.q), at: day(search.at) }),
  component: lazyRouteComponent(() => import("../identity/organisations/OrganisationsPage"), "OrganisationsPage"),
})
const organisation = createRoute({
  getParentRoute: () => root,
  path: "/organisations/$code",
  component: lazyRouteComponent(() => import("../identity/organisations/OrganisationPage"), "OrganisationPage"),
})
const people = createRoute({
  getParentRoute: () => root,
  path: "/people",
  validateSearch: (search: Search) => present({ organisation: text(search.organisation) }),
  component: lazyRouteComponent(() => import("../identity/people/PeoplePage"), "PeoplePage"),
})
const person = createRoute({
  getParentRoute: () => root,
  path: "/people/$person",
  validateSearch: (search: Search) => present({ organisation: text(search.organisation) }),
  component: lazyRouteComponent(() => import("../identity/people/PersonPage"), "PersonPage"),
})
const approvals = createRoute({
  getParentRoute: () => root,
  path: "/approvals",
  validateSearch: (search: Search) => present({ tab: oneOf(["decided"] as const, search.tab), act: text(search.act), subject: text(search.subject) }),
  component: lazyRouteComponent(() => import("../identity/approvals/ApprovalsPage"), "ApprovalsPage"),
})
const verify = createRoute({
  getParentRoute: () => root,
  path: "/verify",
  component: lazyRouteComponent(() => import("../trust/verify/VerifyPage"), "VerifyPage"),
})
const known = createRoute({
  getParentRoute: () => root,
  path: "/verify/$code",
  component: lazyRouteComponent(() => import("../trust/known/KnownPage"), "KnownPage"),
})
const log = createRoute({
  getParentRoute: () => root,
  path: "/log",
  validateSearch: (search: Search) => present({ entry: text(search.entry), page: text(search.page) }),
  component: lazyRouteComponent(() => import("../trust/log/LogPage"), "LogPage"),
})
export const FIGURE_TABS = ["overview", "flow", "lateness", "savings", "reports"] as const
export type FigureTab = (typeof FIGURE_TABS)[number]
const figureSearch = (search: Search) =>
  present({
    tab: oneOf(FIGURE_TABS, search.tab),
    from: day(search.from),
    to: day(search.to),
    organisation: text(search.organisation),
    direction: oneOf(["sent"], search.direction),
    by: oneOf(["late"], search.by),
    place: text(search.place),
    hours: text(search.hours),
  })
export type FigureSearch = { [K in keyof ReturnType<typeof figureSearch>]: ReturnType<typeof figureSearch>[K] | undefined }
const figures = createRoute({
  getParentRoute: () => root,
  path: "/figures",
  validateSearch: figureSearch,
  component: lazyRouteComponent(() => import("../insight/FiguresPage"), "FiguresPage"),
})
const FIGURE_LIST = ["from", "to", "organisation", "direction", "stage", "progress", "late", "urgent"] as const
const figureList = createRoute({
  getParentRoute: () => root,
  path: "/figures/list",
  validateSearch: (search: Search) =>
    present(Object.fromEntries(FIGURE_LIST.map((name) => [name, text(search[name])])) as Record<(typeof FIGURE_LIST)[number], string | undefined>),
  component: lazyRouteComponent(() => import("../insight/ListPage"), "ListPage"),
})
const openFigures = createRoute({
  getParentRoute: () => root,
  path: "/open-figures",
  validateSearch: (search: Search) => present({ month: text(search.month) }),
  component: lazyRouteComponent(() => import("../insight/OpenPage"), "OpenPage"),
})
export const NOTIFICATION_TABS = ["list", "preferences"] as const
const notificationSearch = (search: Search) =>
  present({ tab: oneOf(NOTIFICATION_TABS, search.tab), kind: text(search.kind), unread: oneOf(["yes"] as const, search.unread) })
export type NotificationSearch = ReturnType<typeof notificationSearch>
const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  validateSearch: notificationSearch,
  component: lazyRouteComponent(() => import("../exchange/notifications/NotificationsPage"), "NotificationsPage"),
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  component: lazyRouteComponent(() => import("../identity/sign-in/SignedIn"), "SignedIn"),
})
const enrolment = createRoute({
  getParentRoute: () => root,
  path: "/enrolment",
  component: lazyRouteComponent(() => import("../identity/sign-in/Enrolment"), "Enrolment"),
})

export const router = createRouter({
  routeTree: root.addChildren([home, trace, search, inbox, received, outbox, send, late, urgent, journal, profile, systems, system, integrations, certificates, platform, organisations, organisation, people, person, approvals, verify, known, log, figures, figureList, openFigures, notifications, document, viewer, signIn, enrolment]),
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
  // As they are: the router would read an id such as 12e3… as a number.
  parseSearch: (written) => Object.fromEntries([...new URLSearchParams(written)].map(([name, value]) => [name, straightText(value)])),
  stringifySearch: (search) => {
    const written = new URLSearchParams(search as Record<string, string>).toString()
    return written === "" ? "" : `?${written}`
  },
  scrollRestoration: true,
})

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}

/** A fault of ours on one page; the others still work. */
function Broken({ error, reset }: ErrorComponentProps) {
  const say = useSay()
  // Its program did not come, which the browser does not ask for twice.
  const away = error instanceof Error && /dynamically imported module|importing a module|preload CSS/i.test(error.message)
  return (
    <Page title={say("broken.title")}>
      {away ? <Failure error={new Disconnected()} again={() => location.reload()} /> : <Failure error={error} again={reset} />}
    </Page>
  )
}
