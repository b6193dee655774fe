// Amounts over time as columns: the outline is all, the solid part of it some; the same as a table below.
import { useLanguage, useSay } from "../language/language"
import { numberText } from "../language/numbers"
import { Twin } from "../parts/Figure"
import { type Bucket, periodText } from "./periods"

const WIDTH = 10
const HEIGHT = 100

export function Columns({ title, sentence, all, part, columns }: {
  title: string
  sentence: string
  all: string
  part: string
  columns: readonly Bucket[]
}) {
  const say = useSay()
  const { language } = useLanguage()
  const most = Math.max(...columns.map((one) => one.value), 1)
  const height = (value: number) => (HEIGHT * value) / most
  const first = columns[0]
  const last = columns.at(-1)
  return (
    <figure className="figure">
      <figcaption>{sentence}</figcaption>
      <div className={columns.length < 8 ? "columns few" : "columns"} aria-hidden="true">
        <p className="row small">
          <span className="key all">{all}</span>
          <span className="key part">{part}</span>
          <span className="faint">{say("insight.most", { count: numberText(most, language) })}</span>
        </p>
        <svg viewBox={`0 -1 ${columns.length * WIDTH} ${HEIGHT + 2}`} preserveAspectRatio="none">
          {columns.map((one, i) => (
            <g key={one.from}>
              <rect className="all" x={i * WIDTH + 1.5} width={WIDTH - 3} y={HEIGHT - height(one.value)} height={height(one.value)} />
              <rect className="part" x={i * WIDTH + 1.5} width={WIDTH - 3} y={HEIGHT - height(one.part)} height={height(one.part)} />
            </g>
          ))}
          <line className="ground" x1="0" x2={columns.length * WIDTH} y1={HEIGHT} y2={HEIGHT} />
        </svg>
        {first && last && (
          <p className="ends small faint">
            <span>{periodText(first, language)}</span>
            {columns.length > 1 && <span>{periodText(last, language)}</span>}
          </p>
        )}
      </div>
      <Twin
        title={title}
        heads={[say("insight.head.days"), all, part]}
        rows={columns.map((one) => [periodText(one, language), numberText(one.value, language), numberText(one.part, language)])}
      />
    </figure>
  )
}
