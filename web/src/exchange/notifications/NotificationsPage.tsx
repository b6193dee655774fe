// What the reader is told, day by day; what they have read; and what they wish to be told.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { Link } from "react-aria-components"
import "./notifications.css"
import { byCursor, query } from "../../api/client"
import { dateText, isSameDay, timeText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Checkbox } from "../../parts/Field"
import { Select } from "../../parts/Select"
import { Empty, Failure, Loaded } from "../../parts/States"
import { Tabs } from "../../parts/Tabs"
import { Page } from "../../shell/Page"
import { NOTIFICATION_TABS, type NotificationSearch } from "../../shell/router"
import { Preferences } from "./Preferences"
import { PATH, useMarking } from "./reading"
import { ALL_KINDS, byDay, hrefOf, type Kind, KINDS, type Line, linesOf, type Notification, sentenceOf } from "./told"

const route = getRouteApi("/notifications")
const AT_ONCE = 50
const REFRESH_MS = 30_000
const DAY_MS = 86_400_000

export function NotificationsPage() {
  const say = useSay()
  const navigate = useNavigate()
  const tab = route.useSearch().tab ?? "list"
  const content = { list: () => <List />, preferences: () => <Preferences /> }
  return (
    <Page title={say("notifications.title")} lead={say("notifications.lead")}>
      <Tabs
        label={say("notifications.title")}
        tabs={NOTIFICATION_TABS.map((id) => ({ id, title: say(`notifications.${id}`), content: id === tab ? <div className="more">{content[id]()}</div> : null }))}
        chosen={tab}
        onChoose={(chosen) => void navigate({ to: "/notifications", search: chosen === "list" ? {} : { tab: chosen }, replace: true })}
      />
    </Page>
  )
}

function List() {
  const say = useSay()
  const search = route.useSearch()
  const kind = ALL_KINDS.find((one) => one === search.kind)
  const unread = search.unread === "yes"
  const pages = query.useInfiniteQuery(
    "get",
    PATH,
    { params: { query: { limit: AT_ONCE, ...(kind ? { kind } : {}), ...(unread ? { unread } : {}) } } },
    { ...byCursor, refetchInterval: REFRESH_MS },
  )
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const more = () => void pages.fetchNextPage()
  return (
    <>
      <Filter kind={kind} unread={unread} />
      <Loaded query={pages}>
        {({ pages: [first] }) => (
          <>
            {first && <Standing standing={first} />}
            {items.length === 0 && !pages.hasNextPage && <Nothing filtered={kind !== undefined || unread} />}
            <Days items={items} />
            {pages.hasNextPage && (
              <div>
                <Button onPress={more} isPending={pages.isFetchingNextPage}>
                  {say("list.more")}
                </Button>
              </div>
            )}
          </>
        )}
      </Loaded>
    </>
  )
}

function useFilter() {
  const navigate = useNavigate()
  return (search: Pick<NotificationSearch, "kind" | "unread">) => void navigate({ to: "/notifications", search, replace: true })
}

function Filter({ kind, unread }: { kind: Kind | undefined; unread: boolean }) {
  const say = useSay()
  const filter = useFilter()
  const change = (changed: Kind | "", only: boolean) => filter({ ...(changed ? { kind: changed } : {}), ...(only ? { unread: "yes" as const } : {}) })
  return (
    <div className="filters" role="group" aria-label={say("filter.title")}>
      <Select
        label={say("notifications.kind")}
        choices={[{ value: "" as const, text: say("notifications.all") }, ...ALL_KINDS.map((value) => ({ value, text: say(`notifications.kind.${value}`) }))]}
        value={kind ?? ""}
        onChange={(chosen) => change(chosen, unread)}
      />
      <Checkbox isSelected={unread} onChange={(only) => change(kind ?? "", only)}>
        {say("notifications.unreadOnly")}
      </Checkbox>
    </div>
  )
}

/** How many are unread, and the way to have read all of them. */
function Standing({ standing: { unread, quiet, as_of } }: { standing: { unread: number; quiet: boolean; as_of: string } }) {
  const say = useSay()
  const all = useMarking()
  const undo = useMarking()
  const told = useRef<HTMLParagraphElement>(null)
  const pressed = useRef(false)
  const before = all.data?.before
  // The button that was pressed is gone: the reader goes on from what it did.
  useEffect(() => {
    if (!pressed.current || document.activeElement !== document.body) return
    pressed.current = false
    told.current?.focus()
  })
  const read = () => {
    pressed.current = true
    undo.reset()
    all.mutate({ up_to: as_of })
  }
  const unreadAgain = (up_to: string) => {
    pressed.current = true
    all.reset()
    undo.mutate({ up_to, read: false })
  }
  const failed = all.error ?? undo.error
  const said = [
    ...(undo.isSuccess ? [say("notifications.undone")] : []),
    all.isSuccess ? say("notifications.allRead") : say("notifications.unread", { count: unread }),
    ...(quiet ? [say("notifications.quietNow")] : []),
  ]
  return (
    <>
      <div className="row">
        <p role="status" ref={told} tabIndex={-1} className="grows">
          {said.join(" ")}
        </p>
        {before !== undefined && (
          <Button icon="back" onPress={() => unreadAgain(before)} isPending={undo.isPending}>
            {say("notifications.undo")}
          </Button>
        )}
        {unread > 0 && (
          <Button icon="check" onPress={read} isPending={all.isPending}>
            {say("notifications.readAll")}
          </Button>
        )}
      </div>
      {failed !== null && <Failure error={failed} />}
    </>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  const say = useSay()
  const filter = useFilter()
  return filtered ? (
    <Empty title={say("notifications.noneSuch")}>
      <Button onPress={() => filter({})}>{say("notifications.clear")}</Button>
    </Empty>
  ) : (
    <Empty title={say("notifications.none")}>
      <p>{say("notifications.noneText")}</p>
    </Empty>
  )
}

function Days({ items }: { items: Notification[] }) {
  const say = useSay()
  const { language } = useLanguage()
  const now = new Date()
  const several = new Set(items.flatMap((one) => one.own?.code ?? [])).size > 1
  const nameOf = (day: Date) => {
    if (isSameDay(day, now)) return say("notifications.today")
    if (isSameDay(day, new Date(now.getTime() - DAY_MS))) return say("notifications.yesterday")
    return dateText(day, language)
  }
  return byDay(items).map(({ day, items: ofDay }) => (
    <section className="more" key={dateText(day, "vi")} aria-labelledby={`day-${dateText(day, "vi")}`}>
      <h2 id={`day-${dateText(day, "vi")}`}>{nameOf(day)}</h2>
      <ul className="duties notifications">
        {linesOf(ofDay).map((line) => (
          <Row key={line.first.id} line={line} now={now} several={several} />
        ))}
      </ul>
    </section>
  ))
}

function Row({ line, now, several }: { line: Line; now: Date; several: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const marking = useMarking()
  const row = useRef<HTMLLIElement>(null)
  const { first: one, ids } = line
  const sentence = sentenceOf(line, say, language, now)
  const href = hrefOf(line)
  const read = () => {
    if (!one.read) marking.mutate({ ids })
  }
  return (
    <li ref={row} tabIndex={-1} className={one.read ? "" : "unread"}>
      <div className="what">
        <div className="row">
          {!one.read && <span className="hidden">{say("notifications.isUnread")}</span>}
          <Badge {...KINDS[one.kind]}>{say(`notifications.kind.${one.kind}`)}</Badge>
          <time dateTime={one.at} className="small faint">
            {timeText(one.at)}
          </time>
        </div>
        <p className="sentence">
          {href ? (
            <Link href={href} onPress={read}>
              {sentence}
            </Link>
          ) : (
            sentence
          )}
        </p>
        {one.document?.subject && <p className="small faint">{one.document.subject}</p>}
        {several && one.own && <p className="small faint">{say("notifications.forOwn", { own: one.own.name || one.own.code })}</p>}
        {one.kind === "account" && <p className="small faint">{doneBy(one, say)}</p>}
        {marking.error !== null && <Failure error={marking.error} />}
      </div>
      {!one.read && (
        <div className="when">
          <Button
            look="bare"
            icon="check"
            aria-label={say("notifications.markReadOf", { sentence })}
            isPending={marking.isPending}
            onPress={() => {
              row.current?.focus()
              read()
            }}
          >
            {say("notifications.markRead")}
          </Button>
        </div>
      )}
    </li>
  )
}

function doneBy(one: Notification, say: ReturnType<typeof useSay>): string {
  if (one.own_act) return say("notifications.byMe")
  return one.by ? say("notifications.byOther", { by: one.by }) : say("notifications.byConsole")
}
