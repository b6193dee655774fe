import { useQuery } from "@tanstack/react-query"
import { useMemo, useState } from "react"
import { momentText } from "../../language/dates"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Select } from "../../parts/Select"
import { Figure } from "../../parts/Figure"
import { Loaded } from "../../parts/States"
import { Table, type TableColumn } from "../../parts/Table"
import { tell } from "../../parts/tell"
import { begin } from "../../parts/Work"
import { Moment } from "../Moment"
import { ClockBadge, StateBadge } from "../words"
import { type BoardRow, boardRow, type BoardState, BOARD_STATES, countsOf, csvCell } from "./board"
import { boardPage, boardQuery, PAGE } from "./reading"

const REFRESH_MS = 30_000

// What is seldom there first.
const GIVE_WAY: Partial<Record<BoardState, number>> = { returned: 1, assigned: 2, worked: 3 }

const FILTERS = ["all", "waiting", "late"] as const
type Filter = (typeof FILTERS)[number]

/** Recipients × six states, each with its time. */
export function Board({ id, code }: { id: string; code: string }) {
  const say = useSay()
  const trace = useQuery({ ...boardQuery(id), refetchInterval: REFRESH_MS })
  return (
    <Loaded query={trace}>
      {(found) => (
        <div className="more">
          {found.deliveries_total > found.deliveries.length && (
            <p>{say("board.first", { shown: found.deliveries.length, count: found.deliveries_total })}</p>
          )}
          <Rows rows={found.deliveries.map(boardRow)} />
          <div className="row">
            <SaveAll id={id} code={code} total={found.deliveries_total} />
          </div>
        </div>
      )}
    </Loaded>
  )
}

function Rows({ rows }: { rows: BoardRow[] }) {
  const say = useSay()
  const { language } = useLanguage()
  const [filter, setFilter] = useState<Filter>("all")
  const columns = useColumns()
  const counts = countsOf(rows)
  const shown = rows.filter((row) => filter === "all" || (filter === "late" ? row.late : row.waits))
  const amounts = BOARD_STATES.map((state) => ({
    id: state,
    title: say(`board.${state}`),
    value: counts[state],
    text: say("board.of", { count: numberText(counts[state], language), all: numberText(rows.length, language) }),
  }))
  return (
    <>
      <Figure
        title={say("board.title")}
        sentence={say("board.sentence", { all: rows.length, arrived: counts.arrived, accepted: counts.accepted, finished: counts.finished })}
        amounts={amounts}
        of={rows.length}
      />
      <div className="filters">
        <Select
          label={say("board.filter")}
          choices={FILTERS.map((value) => ({ value, text: say(`board.filter.${value}`) }))}
          value={filter}
          onChange={setFilter}
        />
        <p role="status" className="faint">
          {say("list.count", { count: shown.length })}
        </p>
      </div>
      <Table
        label={say("board.title")}
        columns={columns}
        rows={shown}
        rowId={(row) => row.id}
        rowHref={(row) => `/trace?find=${encodeURIComponent(row.id)}`}
      />
    </>
  )
}

function useColumns(): TableColumn<BoardRow>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(() => {
    const times = BOARD_STATES.map((state): TableColumn<BoardRow> => ({
      id: state,
      title: say(`board.${state}`),
      width: 116,
      ...(GIVE_WAY[state] ? { below: { column: "state", when: GIVE_WAY[state] } } : {}),
      cell: (row) => {
        const time = row.times[state]
        if (time) return <Moment at={time} />
        if (state === "accepted" && row.refused) return say("board.refused", { at: momentText(row.refused, language) })
        return "–"
      },
    }))
    return [
      { id: "name", title: say("board.recipient"), names: true, share: 2, minWidth: 180, cell: (row) => row.name },
      { id: "state", title: say("board.copy"), minWidth: 176, cell: (row) => <StateBadge state={row.state} /> },
      ...times,
      { id: "clock", title: say("board.clock"), minWidth: 176, below: { column: "state", when: 4 }, cell: (row) => (row.clock ? <ClockBadge clock={row.clock} /> : "–") },
    ]
  }, [say, language])
}

/** Every recipient as CSV; goes on while its reader looks at other pages. */
function SaveAll({ id, code, total }: { id: string; code: string; total: number }) {
  const say = useSay()
  const { language } = useLanguage()
  const save = async () => {
    const lines = [[say("board.code"), say("board.recipient"), say("board.copy"), ...BOARD_STATES.map((state) => say(`board.${state}`))]]
    await begin({
      title: say("board.saving", { code }),
      run: async (step, signal) => {
        for (let first = 0; first < total; first += PAGE) {
          const { deliveries } = await boardPage(id, first, PAGE, signal)
          for (const row of deliveries.map(boardRow)) {
            const times = BOARD_STATES.map((state) => (row.times[state] ? momentText(row.times[state], language) : ""))
            lines.push([row.code, row.name, say(`delivery.${row.state}`), ...times])
          }
          step(Math.min(1, (first + PAGE) / total))
        }
        // The mark in front tells spreadsheets that it is UTF-8.
        const csv = `\uFEFF${lines.map((line) => line.map(csvCell).join(",")).join("\r\n")}\r\n`
        download(csv, `${code.replaceAll(/[^\p{L}\p{N}.-]+/gu, "-")}.csv`)
      },
    }).catch(() => tell(say("board.saveFailed")))
  }
  return (
    <Button icon="save" onPress={() => void save()}>
      {say("board.save")}
    </Button>
  )
}

function download(csv: string, name: string) {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([csv], { type: "text/csv" }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
