// Rows of data: at a desk a grid of which only the visible rows exist (each with its aria-rowindex), in a narrow window
// a list of cards with the same content, so that nobody scrolls in two directions.
import { useMemo } from "react"
import { Link } from "react-aria-components"
import { Below, isNothing } from "./Below"
import type { TableColumn } from "./columns"
import { Grid, type Item } from "./Grid"
import { useNarrow } from "./narrow"

export type { TableColumn } from "./columns"

interface TableProps<T> {
  label: string
  columns: readonly TableColumn<T>[]
  rows: readonly T[]
  rowId: (row: T) => string
  rowHref?: (row: T) => string
  /** Its cells have three lines of their own. */
  tall?: boolean
  /** The last rows have come into view. */
  onEnd?: () => void
}

export function Table<T>(props: TableProps<T>) {
  const { rows, rowId } = props
  const narrow = useNarrow()
  const items = useMemo(() => rows.map((row) => ({ id: rowId(row), row })), [rows, rowId])
  return narrow ? <Cards {...props} items={items} /> : <Grid {...props} items={items} />
}

function Cards<T>({ label, columns, items, rowHref }: TableProps<T> & { items: Item<T>[] }) {
  const naming = columns.filter((column) => column.names)
  const beside = columns.filter(({ below }) => below?.when === "always" && naming.some(({ id }) => id === below.column))
  const others = columns.filter((column) => !naming.includes(column) && !beside.includes(column))
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
          <Below columns={beside} row={row} />
          <Pairs columns={others} row={row} />
        </li>
      ))}
    </ul>
  )
}

/** What is the matter of the row first, in full and without a title that is seen. */
function Pairs<T>({ columns, row }: { columns: readonly TableColumn<T>[]; row: T }) {
  const matters = columns.filter((column) => column.matters)
  return (
    <>
      {matters.map((column) => (
        <p key={column.id}>{column.cell(row)}</p>
      ))}
      <dl className="pairs small">
        {columns.map((column) => {
          const content = column.cell(row)
          if (isNothing(content) || column.matters) return null
          return (
            <div key={column.id} style={{ display: "contents" }}>
              <dt>{column.title}</dt>
              <dd>{content}</dd>
            </div>
          )
        })}
      </dl>
    </>
  )
}
