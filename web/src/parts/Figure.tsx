// Amounts as bars: a sentence that says what matters, the bars, and the same figures as a table.
import { useSay } from "../language/language"

export interface Amount {
  id: string
  title: string
  value: number
  text: string
}

export function Figure({ title, sentence, amounts, of }: { title: string; sentence: string; amounts: readonly Amount[]; of: number }) {
  const say = useSay()
  return (
    <figure className="figure">
      <figcaption>{sentence}</figcaption>
      <div className="bars" aria-hidden="true">
        {amounts.map((one) => (
          <div key={one.id}>
            <div className="amount">{one.text}</div>
            <div className="small">{one.title}</div>
            <div className="track">
              <svg viewBox="0 0 100 8" preserveAspectRatio="none">
                <rect width={of > 0 ? (100 * one.value) / of : 0} height="8" fill="var(--brand)" />
              </svg>
            </div>
          </div>
        ))}
      </div>
      <details>
        <summary>{say("figure.asTable")}</summary>
        <table className="twin">
          <caption className="hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{say("figure.what")}</th>
              <th scope="col">{say("figure.amount")}</th>
            </tr>
          </thead>
          <tbody>
            {amounts.map((one) => (
              <tr key={one.id}>
                <th scope="row">{one.title}</th>
                <td className="number">{one.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
}
