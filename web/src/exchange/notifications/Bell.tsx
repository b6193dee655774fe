// The bell in the bar on top: how many are unread, and a word when there are more.
import { useState } from "react"
import { Link } from "react-aria-components"
import "./notifications.css"
import { query, type Schemas } from "../../api/client"
import { useSession } from "../../api/session"
import { useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"
import { PATH } from "./reading"

const REFRESH_MS = 30_000
const MOST = 100

type Told = Pick<Schemas["Notifications"], "items" | "unread" | "unread_escalated" | "quiet">

/** What the bell counts: in quiet hours only what is always told. */
const countOf = ({ unread, unread_escalated, quiet }: Told) => (quiet ? unread_escalated : unread)

export function Bell() {
  const say = useSay()
  const { status } = useSession()
  const { data } = query.useQuery(
    "get",
    PATH,
    { params: { query: { limit: 1 } } },
    { enabled: status === "open", staleTime: REFRESH_MS, refetchInterval: REFRESH_MS },
  )
  const count = data ? countOf(data) : 0
  const shown = count >= MOST ? `${MOST - 1}+` : String(count)
  const news = useNews(data)
  return (
    <>
      <Link href="/notifications" className="button bare bell" aria-label={say("notifications.bell", { count })}>
        <Icon name="bell" />
        {count > 0 && (
          <span className="count" aria-hidden="true">
            {shown}
          </span>
        )}
      </Link>
      <span role="status" className="hidden">
        {news && say(news.quiet ? "notifications.cameUrgent" : "notifications.came", { count: news.more })}
      </span>
    </>
  )
}

/** What came since it was asked before; nothing when somebody comes to the page, or marks something as unread. */
function useNews(data: Told | undefined): { more: number; quiet: boolean } | undefined {
  const [before, setBefore] = useState<Told>()
  const [news, setNews] = useState<{ more: number; quiet: boolean }>()
  if (data && data !== before) {
    setBefore(data)
    const more = before && before.quiet === data.quiet ? countOf(data) - countOf(before) : 0
    const newer = data.items[0] !== undefined && data.items[0].at > (before?.items[0]?.at ?? "")
    setNews(more > 0 && newer ? { more, quiet: data.quiet } : undefined)
  }
  return news
}
