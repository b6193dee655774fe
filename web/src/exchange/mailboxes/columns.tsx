// What names a document in a list, in every mailbox alike.
import { dayText } from "../../language/dates"
import type { Language, Say } from "../../language/language"
import type { TableColumn } from "../../parts/Table"
import { UrgencyBadge } from "../words"

interface Lettered {
  code: string
  subject: string
  urgency: number
  issued_on?: string
}

/** Number and notation with the day and the urgency below them, and the subject. */
export function naming<T extends Lettered>(say: Say, language: Language, id: (row: T) => string): TableColumn<T>[] {
  const below = { column: "code", when: "always" } as const
  return [
    { id: "code", title: say("document.code"), names: true, width: 168, cell: (row) => row.code || id(row) },
    { id: "issued", title: say("document.issued"), below, cell: (row) => (row.issued_on ? dayText(row.issued_on, language) : null) },
    { id: "urgency", title: say("document.urgency"), below, cell: (row) => (row.urgency > 0 ? <UrgencyBadge urgency={row.urgency} /> : null) },
    { id: "subject", title: say("document.subject"), matters: true, share: 3, minWidth: 220, cell: (row) => row.subject },
  ]
}
