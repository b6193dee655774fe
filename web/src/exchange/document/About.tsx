import type { Schemas } from "../../api/client"
import { momentText, officialDateText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { bytesText } from "../../language/numbers"

/** What is recorded of a document. */
export function About({ document }: { document: Schemas["Document"] }) {
  const say = useSay()
  const { language } = useLanguage()
  const pairs: [string, string][] = [
    [say("document.sender"), `${document.sender.name} (${document.sender.code})`],
    [say("document.code"), document.code],
    [say("document.issued"), document.issued_on ? officialDateText(document.issued_on, language) : "–"],
    [say("document.accepted"), momentText(document.accepted_at, language)],
    [say("document.operation"), say(`operation.${document.operation}`)],
    [say("document.ownId"), document.document_id],
    [say("document.id"), document.id],
    [say("document.size"), bytesText(document.size, language)],
    [say("document.sha256"), document.sha256],
  ]
  return (
    <dl className="pairs">
      {pairs.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
