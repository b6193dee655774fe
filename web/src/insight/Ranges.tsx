// Amounts that are estimates: from low to high as an open bar, the middle value as a mark on it; the same as a table.
import { Link } from "react-aria-components"
import { useLanguage, useSay } from "../language/language"
import { moneyProse, moneyText } from "../language/numbers"
import { Twin } from "../parts/Figure"

export interface Range {
  id: string
  title: string
  low: number
  value: number
  high: number
  href?: string | undefined
  cells?: readonly string[]
}

/** In dong. Both ends may lie on one side of the value, where one assumption alone is changed. */
export function Ranges({ title, sentence, ranges, heads = [] }: { title: string; sentence: string; ranges: readonly Range[]; heads?: readonly string[] }) {
  const say = useSay()
  const { language } = useLanguage()
  const least = Math.min(0, ...ranges.flatMap((one) => [one.low, one.value, one.high]))
  const most = Math.max(0, ...ranges.flatMap((one) => [one.low, one.value, one.high]))
  const x = (dong: number) => (most === least ? 0 : (200 * (dong - least)) / (most - least))
  const money = (dong: number) => moneyProse(dong, language)
  return (
    <figure className="figure">
      <figcaption>{sentence}</figcaption>
      <ul className="ranges">
        {ranges.map((one) => (
          <li key={one.id}>
            <span>{one.href ? <Link href={one.href}>{one.title}</Link> : one.title}</span>
            <svg viewBox="-2 0 204 20" preserveAspectRatio="none" aria-hidden="true">
              <line className="zero" x1={x(0)} x2={x(0)} y1="0" y2="20" />
              <rect x={x(Math.min(one.low, one.high))} width={Math.abs(x(one.high) - x(one.low))} y="5" height="10" />
              <line className="middle" x1={x(one.value)} x2={x(one.value)} y1="2" y2="18" />
            </svg>
            <span>
              <b>{money(one.value)}</b> <span className="small faint">{say("insight.between", { low: money(one.low), high: money(one.high) })}</span>
            </span>
          </li>
        ))}
      </ul>
      <Twin
        title={title}
        heads={[say("insight.head.figure"), say("insight.head.central"), say("insight.head.low"), say("insight.head.high"), ...heads]}
        rows={ranges.map((one) => [one.title, ...[one.value, one.low, one.high].map((dong) => moneyText(dong, language)), ...(one.cells ?? [])])}
      />
    </figure>
  )
}
