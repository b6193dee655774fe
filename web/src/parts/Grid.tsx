// The grid of ARIA's practices over rows of one height, so that which of them are seen is arithmetic and a hundred
// thousand cost as much as fifty: only those exist, each with its aria-rowindex. One row or cell of the whole is in the
// order of the tabulator; the arrows, Page Up and Down, Home and End go on from there.
import { useRouter } from "@tanstack/react-router"
import { type CSSProperties, type FocusEvent, type KeyboardEvent, memo, type MouseEvent, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react"
import { Below } from "./Below"
import { least, placed, type Placed, type TableColumn } from "./columns"

export interface Item<T> {
  id: string
  row: T
}
interface GridProps<T> {
  label: string
  columns: readonly TableColumn<T>[]
  items: readonly Item<T>[]
  rowHref?: (row: T) => string
  tall?: boolean
  onEnd?: () => void
}

// Of rows in pixels: two lines of text, or three, the last of which may be a badge.
const ROW = { desk: 40, deskTall: 68, touch: 48, touchTall: 76 }
const TALLEST = 720
const SCROLLBAR = 16
const BEYOND = 8 // rows above and below those that are seen
const NEAR_END = 20 // rows

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

export function Grid<T>({ label, columns, tall, items, rowHref, onEnd }: GridProps<T>) {
  const grid = useRef<HTMLDivElement>(null)
  const width = useWidth(grid)
  const places = useMemo(() => placed(columns, Math.max(0, width - SCROLLBAR)), [columns, width])
  const high = tall || places.some(({ below }) => below.length > 0)
  const rowHeight = heightOf(high)
  const headingHeight = heightOf(false)
  const height = Math.min(headingHeight + rowHeight * items.length, TALLEST)
  const seen = Math.ceil((height - headingHeight) / rowHeight)
  const [top, setTop] = useState(0) // the first row that is seen
  const last = items.length - 1
  const current = useCurrent(grid, last, seen, (row) => {
    const element = grid.current
    if (!element) return
    const [above, below] = [row * rowHeight, (row + 1) * rowHeight + headingHeight - element.clientHeight]
    element.scrollTop = Math.max(Math.min(element.scrollTop, above), below)
  })

  const near = top + seen + NEAR_END > last
  const told = useRef(onEnd)
  useEffect(() => {
    told.current = onEnd
  })
  useEffect(() => {
    if (near && top > 0) told.current?.()
  }, [near, top])

  const first = Math.max(0, Math.min(top, last) - BEYOND)
  const shown = Array.from({ length: Math.max(0, Math.min(last, top + seen + BEYOND) - first + 1) }, (_, place) => first + place)
  if (last >= 0 && current.row < first) shown.unshift(current.row)
  else if (last >= 0 && !shown.includes(current.row)) shown.push(current.row)
  const style = { height, "--row": `${rowHeight}px`, "--heading": `${headingHeight}px`, "--columns": tracksOf(places), "--least": `${places.reduce((sum, { column }) => sum + least(column), 0)}px` }
  return (
    <div className="table-frame">
      {/* eslint-disable-next-line jsx-a11y/interactive-supports-focus -- its rows have the focus */}
      <div
        ref={grid}
        role="grid"
        className={high ? "table tall" : "table"}
        aria-label={label}
        aria-rowcount={items.length + 1}
        style={style as CSSProperties}
        onScroll={({ currentTarget }) => setTop(Math.floor(currentTarget.scrollTop / rowHeight))}
        onKeyDown={current.onKeyDown}
        onFocus={current.onFocus}
      >
        <div role="rowgroup" className="headings">
          <div role="row" aria-rowindex={1}>
            {places.map(({ column }) => (
              <div key={column.id} role="columnheader">
                {column.title}
              </div>
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: rowHeight * items.length }}>
          {shown.map((index) => {
            const item = items[index]
            return item && <GridRow key={item.id} item={item as Item<never>} index={index} top={index * rowHeight} places={places as never} rowHref={rowHref as never} isCurrent={index === current.row} />
          })}
        </div>
      </div>
    </div>
  )
}

const tracksOf = <T,>(places: readonly Placed<T>[]) =>
  places.map(({ column }) => (column.width ? `${column.width}px` : `minmax(${least(column)}px, ${column.share ?? 1}fr)`)).join(" ")

/** Where the focus stands: a row, and in it one of its cells or, at -1, the row itself. `reveal` scrolls to a row. */
function useCurrent(grid: RefObject<HTMLElement | null>, last: number, seen: number, reveal: (row: number) => void) {
  const [wanted, setWanted] = useState({ row: 0, cell: -1 })
  const row = Math.max(0, Math.min(wanted.row, last))
  const moving = useRef(false)
  useLayoutEffect(() => {
    if (!moving.current) return
    moving.current = false
    const element = grid.current?.querySelector<HTMLElement>(`[aria-rowindex="${row + 2}"]`)
    const cell = element?.children[wanted.cell]
    const target = cell ? (cell.querySelector<HTMLElement>(WITHIN) ?? (cell as HTMLElement)) : element
    target?.focus({ preventScroll: true })
  }, [grid, row, wanted])

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const place = placeOf(event)
    if (!place || event.defaultPrevented || event.altKey || event.shiftKey || event.metaKey) return
    const next = movedBy(event, place, last, seen)
    if (!next) return
    event.preventDefault()
    moving.current = true
    reveal(next.row)
    setWanted(next)
  }
  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const place = placeOf(event)
    if (place && (place.row !== row || place.cell !== wanted.cell)) setWanted(place)
  }
  return { row, onKeyDown, onFocus }
}

const WITHIN = "a[href], button:not([disabled]), input, select"
interface Place {
  row: number
  cell: number
  cells: number
}

/** Of what an event came from; none for the headings, and for what only hangs on a cell, as a dialog does. */
function placeOf({ target, currentTarget }: { target: EventTarget; currentTarget: HTMLElement }): Place | undefined {
  if (!(target instanceof Element) || !currentTarget.contains(target)) return undefined
  const row = target.closest("[aria-rowindex]")
  const index = Number(row?.getAttribute("aria-rowindex") ?? 1) - 2
  if (!row || index < 0) return undefined
  return { row: index, cell: [...row.children].findIndex((cell) => cell.contains(target)), cells: row.children.length }
}

function movedBy({ key, ctrlKey, target }: KeyboardEvent<HTMLElement>, { row, cell, cells }: Place, last: number, seen: number) {
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return undefined
  const to = (wanted: number) => ({ row: Math.max(0, Math.min(last, wanted)), cell })
  if (key === "Home") return cell < 0 || ctrlKey ? to(0) : { row, cell: 0 }
  if (key === "End") return cell < 0 || ctrlKey ? to(last) : { row, cell: cells - 1 }
  if (ctrlKey) return undefined
  if (key === "ArrowDown") return to(row + 1)
  if (key === "ArrowUp") return to(row - 1)
  if (key === "PageDown") return to(row + seen - 1)
  if (key === "PageUp") return to(row - seen + 1)
  if (key === "ArrowRight") return { row, cell: Math.min(cells - 1, cell + 1) }
  if (key === "ArrowLeft") return { row, cell: Math.max(-1, cell - 1) }
  return undefined
}

interface RowProps<T> {
  item: Item<T>
  index: number
  top: number
  places: readonly Placed<T>[]
  rowHref: ((row: T) => string) | undefined
  isCurrent: boolean
}

const GridRow = memo(function GridRow<T>({ item: { row }, index, top, places, rowHref, isCurrent }: RowProps<T>) {
  const router = useRouter({ warn: false })
  const href = rowHref?.(row)
  const naming = places.findIndex(({ column }) => column.names)
  const open = (event: MouseEvent<HTMLElement> | KeyboardEvent<HTMLElement>) => {
    const { target, currentTarget } = event
    if (!href || event.defaultPrevented || !(target instanceof Element) || !currentTarget.contains(target)) return
    const within = target.closest(WITHIN)
    if (within && !within.classList.contains("row-link")) return
    if (event.type === "click" && !getSelection()?.isCollapsed) return
    const beside = event.ctrlKey || event.metaKey || event.shiftKey
    if (beside && within) return // the browser's own
    event.preventDefault()
    if (beside) window.open(href, "_blank", "noopener")
    else router.history.push(href)
  }
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      tabIndex={isCurrent ? 0 : -1}
      className={href ? "opens" : undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={open}
      onKeyDown={(event) => event.key === "Enter" && open(event)}
    >
      {places.map((place, at) => (
        <div key={place.column.id} role={place.column.names ? "rowheader" : "gridcell"} tabIndex={-1}>
          <Content place={place} row={row} href={at === naming ? href : undefined} />
        </div>
      ))}
    </div>
  )
})

function Content<T>({ place: { column, below }, row, href }: { place: Placed<T>; row: T; href: string | undefined }) {
  const content = column.cell(row)
  return (
    <div className="cell">
      {typeof content !== "string" ? (
        content
      ) : href ? (
        <a className="text row-link" href={href} title={content} tabIndex={-1}>
          {content}
        </a>
      ) : (
        <div className="text" title={content}>
          {content}
        </div>
      )}
      <Below columns={below} row={row} />
    </div>
  )
}
