import { useQuery } from "@tanstack/react-query"
import { useSay } from "../../language/language"
import { boardRow, countsOf } from "../board/board"
import { boardQuery } from "../board/reading"

const AGAIN_MS = 4_000 // many rows at once may be more than the server answers in a moment
const KEPT_MS = 60_000

/** To whom a document went: the first, how many more, and how many have it. Asked for by the rows that are seen. */
export function Recipients({ id }: { id: string }) {
  const say = useSay()
  const { data } = useQuery({ ...boardQuery(id), staleTime: KEPT_MS, retry: 3, retryDelay: AGAIN_MS })
  if (!data) return <div aria-busy="true" />
  const rows = data.deliveries.map(boardRow)
  const [first] = rows
  if (!first) return "–"
  const late = rows.filter((row) => row.late).length
  const others = data.deliveries_total - 1
  const names = others === 0 ? first.name : say("outbox.and", { who: first.name, count: others })
  return (
    <>
      <div className="text" title={names}>
        {names}
      </div>
      <div className="under">
        <span>{say("outbox.arrived", { arrived: countsOf(rows).arrived, count: rows.length })}</span>
        {late > 0 && <strong className="late">{say("outbox.late", { count: late })}</strong>}
      </div>
    </>
  )
}
