// What is late now, of everything that the reader may follow: the longest first.
import { useMemo } from "react"
import { query, type Schemas } from "../../api/client"
import { useSay } from "../../language/language"
import { Empty, Loaded } from "../../parts/States"
import { Table, type TableColumn } from "../../parts/Table"
import { TwoLines } from "../../parts/TwoLines"
import { Page } from "../../shell/Page"
import { Moment } from "../Moment"
import { ClockBadge } from "../words"

type Late = Schemas["Late"]
const SHOWN = 200 // the most that the API gives at once
const REFRESH_MS = 60_000

export function LatePage() {
  const say = useSay()
  const late = query.useQuery("get", "/api/v1/late", { params: { query: { limit: SHOWN } } }, { refetchInterval: REFRESH_MS })
  const columns = useColumns()
  return (
    <Page title={say("late.title")} lead={say("late.lead")}>
      <Loaded query={late}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty title={say("late.nothing")} />
          ) : (
            <>
              <p role="status">
                {say("late.sentence", {
                  count: total,
                  recipients: new Set(items.map((one) => one.recipient.code)).size,
                  shown: items.length,
                })}
              </p>
              <Table
                label={say("late.title")}
                tall
                columns={columns}
                rows={items}
                rowId={(row) => `${row.delivery} ${row.clock.rule}`}
                rowHref={(row) => `/trace?find=${encodeURIComponent(row.delivery)}`}
              />
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function useColumns(): TableColumn<Late>[] {
  const say = useSay()
  return useMemo(
    () => [
      { id: "document", title: say("late.document"), names: true, share: 3, minWidth: 210, cell: (row) => <TwoLines name={row.code || row.document} more={row.subject} /> },
      { id: "who", title: say("late.who"), share: 2, minWidth: 160, cell: (row) => row.recipient.name || row.recipient.code },
      { id: "what", title: say("late.what"), minWidth: 150, below: { column: "who", when: 1 }, cell: (row) => say(`clock.rule.${row.clock.rule}`) },
      { id: "by", title: say("late.by"), width: 176, cell: (row) => <ClockBadge clock={row.clock} /> },
      { id: "since", title: say("late.since"), width: 116, below: { column: "by", when: 2 }, cell: (row) => (row.clock.due ? <Moment at={row.clock.due} /> : "–") },
      { id: "sender", title: say("document.sender"), share: 2, minWidth: 150, below: { column: "document", when: 3 }, cell: (row) => row.sender.name || row.sender.code },
    ],
    [say],
  )
}
