// Amounts as bars: a sentence that says what matters, the bars, and the same figures as a table.
import type { ReactNode } from "react"
import { Link } from "react-aria-components"
import { useSay } from "../language/language"

export interface Amount {
  id: string
  title: string
  value: number
  text: string
  /** The list that makes it. */
  href?: string | undefined
  /** Below the amount: what it is compared with, what it is a part of. */
  note?: ReactNode
  /** What the table says besides, one for each further heading. */
  cells?: readonly string[]
}

/** `of` is what a full bar stands for; without it there are no bars. `heads`: of title, amount, and each further cell. */
export function Figure({ title, sentence, amounts, of, heads }: {
  title: string
  sentence: string
  amounts: readonly Amount[]
  of?: number
  heads?: readonly string[]
}) {
  const say = useSay()
  // What is in the table alone need not be read twice; links have to be reached.
  const silent = !amounts.some((one) => one.href !== undefined || one.note !== undefined)
  return (
    <figure className="figure">
      <figcaption>{sentence}</figcaption>
      <div className="bars" aria-hidden={silent}>
        {amounts.map((one) => (
          <div key={one.id}>
            <div className="amount">{one.text}</div>
            <div className="small">{one.href ? <Link href={one.href}>{one.title}</Link> : one.title}</div>
            {of !== undefined && (
              <div className="track">
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={of > 0 ? (100 * one.value) / of : 0} height="8" fill="var(--brand)" />
                </svg>
              </div>
            )}
            {one.note && <div className="small faint">{one.note}</div>}
          </div>
        ))}
      </div>
      <Twin title={title} heads={heads ?? [say("figure.what"), say("figure.amount")]} rows={amounts.map((one) => [one.title, one.text, ...(one.cells ?? [])])} />
    </figure>
  )
}

/** What a drawing shows, as a table: opened by those who want the numbers, or do not see the drawing. */
export function Twin({ title, heads, rows }: { title: string; heads: readonly string[]; rows: readonly (readonly string[])[] }) {
  const say = useSay()
  return (
    <details>
      <summary>{say("figure.asTable")}</summary>
      {/* Scrolls where the window is narrow, which must be possible by keyboard as well. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="twin-frame" role="group" aria-label={title} tabIndex={0}>
        <table className="twin">
          <caption className="hidden">{title}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([first, second, ...more], i) => (
              <tr key={i}>
                <th scope="row">{first}</th>
                <td className="number">{second}</td>
                {more.map((text, at) => (
                  <td key={at}>{text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
