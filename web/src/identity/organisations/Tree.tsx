// Organisations with those below them; each branch is asked for when it is opened.
import { keepPreviousData } from "@tanstack/react-query"
import { useState } from "react"
import { Link } from "react-aria-components"
import { byCursor, query, type Schemas } from "../../api/client"
import { dateText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Empty, Loaded } from "../../parts/States"
import { organisationHref } from "../administration/names"
import { dayOf, endOf } from "./steps"

type Organisation = Schemas["Organisation"]
const PAGE = 100

export function Branch({ query: wanted, at, flat }: { query: { top?: true; parent?: string; q?: string }; at: string | undefined; flat?: boolean }) {
  const say = useSay()
  const pages = query.useInfiniteQuery(
    "get",
    "/api/v1/organisations",
    { params: { query: { limit: PAGE, ...wanted, ...(at ? { at: endOf(at) } : {}) } } },
    // What was there before stays until the other day is: open branches stay open.
    { ...byCursor, placeholderData: keepPreviousData },
  )
  return (
    <Loaded query={pages}>
      {({ pages: loaded }) => {
        const rows = loaded.flatMap(({ items }) => items)
        if (rows.length === 0) return <Empty title={say("organisations.none")} />
        return (
          <>
            {(flat || wanted.top) && (
              <p role="status" className="small faint">
                {say(pages.hasNextPage ? "list.countMore" : "list.count", { count: rows.length })}
              </p>
            )}
            <ul className="tree">
              {rows.map((one) => (
                <Node key={one.code} organisation={one} at={at} flat={flat ?? false} />
              ))}
            </ul>
            {pages.hasNextPage && (
              <div>
                <Button onPress={() => void pages.fetchNextPage()} isPending={pages.isFetchingNextPage}>
                  {say("list.more")}
                </Button>
              </div>
            )}
          </>
        )
      }}
    </Loaded>
  )
}

function Node({ organisation, at, flat }: { organisation: Organisation; at: string | undefined; flat: boolean }) {
  const say = useSay()
  const [open, setOpen] = useState(false)
  const { code, name, below = 0 } = organisation
  return (
    <li>
      <div className="row">
        {below > 0 && !flat ? (
          <Button
            look="bare"
            icon={open ? "down" : "right"}
            aria-expanded={open}
            aria-label={say("organisations.belowOf", { name: name || code, count: below })}
            onPress={() => setOpen(!open)}
          />
        ) : (
          !flat && <span className="leaf" />
        )}
        <span className="what">
          <Link href={organisationHref(code)}>{name || code}</Link>
          <span className="faint">{code}</span>
          {below > 0 && <span className="small faint">{say("organisations.below", { count: below })}</span>}
          <Marks organisation={organisation} at={at} />
        </span>
      </div>
      {open && <Branch query={{ parent: code }} at={at} />}
    </li>
  )
}

function Marks({ organisation: { effective_from, effective_to, successor, connected }, at }: { organisation: Organisation; at: string | undefined }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <>
      {effective_from && dayOf(effective_from) === at && (
        <Badge tone="told" icon="told">
          {say("organisations.began", { at: dateText(effective_from, language) })}
        </Badge>
      )}
      {effective_to && (
        <Badge tone="waiting" icon="clock">
          {successor
            ? say("organisations.endsInto", { at: dateText(effective_to, language), successor })
            : say("organisations.ends", { at: dateText(effective_to, language) })}
        </Badge>
      )}
      {at === undefined && !connected && (
        <Badge tone="plain" icon="inbox">
          {say("organisations.unconnected")}
        </Badge>
      )}
    </>
  )
}
