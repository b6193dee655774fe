// Rows of data: at a desk a grid of which only the visible rows exist (each with its aria-rowindex), in a narrow window
// a list of cards with the same content, so that nobody scrolls in two directions.
import { type ReactNode, type RefObject, useLayoutEffect, useMemo, useRef, useState } from "react"
import { Cell, Column, Link, Row, Table as AriaTable, TableBody, TableHeader, TableLayout, Virtualizer } from "react-aria-components"
import { useSay } from "../language/language"
import { placed, type Placed, type TableColumn } from "./columns"
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
interface Item<T> {
  id: string
  row: T
}

export function Table<T>(props: TableProps<T>) {
  const { rows, rowId } = props
  const narrow = useNarrow()
  const items = useMemo(() => rows.map((row) => ({ id: rowId(row), row })), [rows, rowId])
  return narrow ? <Cards {...props} items={items} /> : <Grid {...props} items={items} />
}

// Of rows in pixels: two lines of text, or three, the last of which may be a badge.
const ROW = { desk: 40, deskTall: 68, touch: 48, touchTall: 76 }
const TALLEST = 720
const SCROLLBAR = 16

function heightOf(tall: boolean): number {
  const touch = matchMedia("(pointer: coarse)").matches
  if (touch) return tall ? ROW.touchTall : ROW.touch
  return tall ? ROW.deskTall : ROW.desk
}

/** In pixels; 0 before it is measured. */
function useWidth(frame: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth)
    measure()
    if (typeof ResizeObserver === "undefined") return
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return width
}

function Grid<T>({ label, columns, tall, items, rowHref, onEnd }: TableProps<T> & { items: Item<T>[] }) {
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const places = useMemo(
    () => placed(columns, Math.max(0, width - SCROLLBAR)).map((place) => ({ ...place, id: place.column.id })),
    [columns, width],
  )
  const high = tall || places.some(({ below }) => below.length > 0)
  const rowHeight = heightOf(high)
  const headingHeight = heightOf(false)
  const height = Math.min(headingHeight + rowHeight * items.length + 2, TALLEST)
  return (
    <div className="table-frame" ref={frame}>
      <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight, headingHeight }}>
        <AriaTable
          className={high ? "table tall" : "table"}
          aria-label={label}
          style={{ height }}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
            if (scrollHeight - scrollTop - clientHeight < 20 * rowHeight) onEnd?.()
          }}
        >
          <TableHeader columns={places}>
            {({ column }) => (
              <Column
                isRowHeader={column.names ?? false}
                {...(column.width ? { width: column.width } : { width: `${column.share ?? 1}fr` })}
                minWidth={column.minWidth ?? 80}
              >
                {column.title}
              </Column>
            )}
          </TableHeader>
          <TableBody items={items} dependencies={[places]}>
            {(item) => (
              <Row columns={places} {...(rowHref ? { href: rowHref(item.row) } : {})}>
                {(place) => (
                  <Cell>
                    <Content place={place} row={item.row} />
                  </Cell>
                )}
              </Row>
            )}
          </TableBody>
        </AriaTable>
      </Virtualizer>
    </div>
  )
}

function Content<T>({ place: { column, below }, row }: { place: Placed<T>; row: T }) {
  const content = column.cell(row)
  return (
    <div className="cell">
      {typeof content === "string" ? (
        <div className="text" title={content}>
          {content}
        </div>
      ) : (
        content
      )}
      <Below columns={below} row={row} />
    </div>
  )
}

const isNothing = (content: ReactNode) => content === null || content === "–"

/** Each with the title of its column for those who do not see where it stands. */
function Below<T>({ columns, row }: { columns: readonly TableColumn<T>[]; row: T }) {
  const say = useSay()
  const contents = columns.flatMap((column): [string, string, ReactNode][] => {
    const content = column.cell(row)
    return isNothing(content) ? [] : [[column.id, column.title, content]]
  })
  if (contents.length === 0) return null
  return (
    <div className="under">
      {contents.map(([id, title, content]) => (
        <span key={id}>
          <span className="hidden">{say("list.named", { title })} </span>
          {content}
        </span>
      ))}
    </div>
  )
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
