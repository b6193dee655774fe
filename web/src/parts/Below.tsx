// What stands below a cell's own content: columns that have no room of their own.
import type { ReactNode } from "react"
import { useSay } from "../language/language"
import type { TableColumn } from "./columns"

export const isNothing = (content: ReactNode) => content === null || content === "–"

/** Each with the title of its column for those who do not see where it stands. */
export function Below<T>({ columns, row }: { columns: readonly TableColumn<T>[]; row: T }) {
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
