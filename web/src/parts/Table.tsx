// Rows of data: at a desk a grid of which only the visible rows exist (each with its aria-rowindex), in a narrow window
// a list of cards with the same content, so that nobody scrolls in two directions.
import { type ReactNode, useMemo } from "react"
import { Cell, Column, Link, Row, Table as AriaTable, TableBody, TableHeader, TableLayout, Virtualizer } from "react-aria-components"
import { useNarrow } from "./narrow"

export interface TableColumn<T> {
  id: string
  title: string
  cell: (row: T) => ReactNode
  /** Of the free width: 1 without it. */
  share?: number
  width?: number
  minWidth?: number
  /** Names the row, for screen readers, and is the link of a card. */
  names?: boolean
}

const ROW = 40
const ROW_TOUCH = 48

export function Table<T>({ label, columns, rows, rowId, rowHref, onEnd }: {
  label: string
  columns: readonly TableColumn<T>[]
  rows: readonly T[]
  rowId: (row: T) => string
  rowHref?: (row: T) => string
  /** The last rows have come into view. */
  onEnd?: () => void
}) {
  const narrow = useNarrow()
  const items = useMemo(() => rows.map((row) => ({ id: rowId(row), row })), [rows, rowId])
  if (narrow) return <Cards label={label} columns={columns} items={items} rowHref={rowHref} />
  const rowHeight = matchMedia("(pointer: coarse)").matches ? ROW_TOUCH : ROW
  const height = Math.min(rowHeight * (rows.length + 1) + 2, 18 * rowHeight)
  return (
    <div className="table-frame">
      <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight, headingHeight: rowHeight }}>
        <AriaTable
          className="table"
          aria-label={label}
          style={{ height }}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
            if (scrollHeight - scrollTop - clientHeight < 20 * rowHeight) onEnd?.()
          }}
        >
          <TableHeader columns={[...columns]}>
            {(column) => (
              <Column
                isRowHeader={column.names ?? false}
                {...(column.width ? { width: column.width } : { width: `${column.share ?? 1}fr` })}
                minWidth={column.minWidth ?? 80}
              >
                {column.title}
              </Column>
            )}
          </TableHeader>
          <TableBody items={items} dependencies={[columns]}>
            {(item) => (
              <Row columns={[...columns]} {...(rowHref ? { href: rowHref(item.row) } : {})}>
                {(column) => <Cell>{wrapped(column.cell(item.row))}</Cell>}
              </Row>
            )}
          </TableBody>
        </AriaTable>
      </Virtualizer>
    </div>
  )
}

// A text of its own can be cut with an ellipsis.
const wrapped = (content: ReactNode) => (typeof content === "string" ? <span title={content}>{content}</span> : content)

function Cards<T>({ label, columns, items, rowHref }: {
  label: string
  columns: readonly TableColumn<T>[]
  items: { id: string; row: T }[]
  rowHref: ((row: T) => string) | undefined
}) {
  const naming = columns.filter((column) => column.names)
  const others = columns.filter((column) => !column.names)
  return (
    <ul className="cards" aria-label={label}>
      {items.map(({ id, row }) => (
        <li key={id}>
          <h2>
            {naming.map((column) =>
              rowHref ? (
                <Link key={column.id} href={rowHref(row)}>
                  {column.cell(row)}
                </Link>
              ) : (
                <span key={column.id}>{column.cell(row)}</span>
              ),
            )}
          </h2>
          <dl className="pairs small">
            {others.map((column) => (
              <div key={column.id} style={{ display: "contents" }}>
                <dt>{column.title}</dt>
                <dd>{column.cell(row)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}
