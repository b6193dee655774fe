// Which columns of a table stand beside each other, and which give way to a second line in another one, so that nobody
// scrolls sideways.
import type { ReactNode } from "react"

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
  /** What the row is about: on a card a sentence of its own. */
  matters?: boolean
  /** The column below whose content it stands: always, or when the table is too narrow for both; 1 gives way first. */
  below?: { column: string; when: "always" | number }
}

export interface Placed<T> {
  column: TableColumn<T>
  below: TableColumn<T>[]
}

const USUAL = 80
/** Pixels. */
export const least = (column: { width?: number; minWidth?: number }) => column.width ?? column.minWidth ?? USUAL

/** For a table of that many pixels; 0 is one that has not been measured. */
export function placed<T>(columns: readonly TableColumn<T>[], width: number): Placed<T>[] {
  const gone = new Set(columns.filter(({ below }) => below?.when === "always").map(({ id }) => id))
  const order = columns.flatMap(({ id, below }) => (typeof below?.when === "number" ? [{ id, when: below.when }] : []))
  const needed = () => columns.filter(({ id }) => !gone.has(id)).reduce((sum, column) => sum + least(column), 0)
  for (const { id } of order.sort((a, b) => a.when - b.when)) {
    if (width === 0 || needed() <= width) break
    gone.add(id)
  }
  const byId = new Map(columns.map((column) => [column.id, column]))
  const holder = (column: TableColumn<T>): string | undefined => {
    const next = column.below && byId.get(column.below.column)
    return next && gone.has(next.id) ? holder(next) : next?.id
  }
  return columns
    .filter(({ id }) => !gone.has(id))
    .map((column) => ({ column, below: columns.filter((other) => gone.has(other.id) && holder(other) === column.id) }))
}
