// What somebody has to do today, from the inbox and from what is late, by the clock.
import type { Schemas } from "../../api/client"
import { isSameDay, isSameWeek } from "../../language/dates"

type Delivery = Schemas["Delivery"]
type Late = Schemas["Late"]

export const DUTY_GROUPS = ["late", "today", "week", "later"] as const
export type DutyGroup = (typeof DUTY_GROUPS)[number]

interface Common {
  delivery: string
  document: string
  urgency: number
  clock?: Schemas["Clock"]
  group: DutyGroup
}
/** take: it waits in the inbox; store: it was fetched and not acknowledged; answer: it was asked back. */
export interface OwnDuty extends Common {
  verb: "take" | "store" | "answer"
  code: string
  subject: string
  who: Schemas["Party"]
}
/** A document of which recipients are late; the clock is that of the one who is late longest. */
export interface FollowDuty extends Common {
  verb: "follow"
  code: string
  subject?: string // where its reader may know it
  late: Schemas["Party"][]
  clock: Schemas["Clock"]
}
export type Duty = OwnDuty | FollowDuty

function groupOf(clock: Schemas["Clock"] | undefined, now: Date): DutyGroup {
  if (clock?.late) return "late"
  if (!clock?.due) return "later"
  const due = new Date(clock.due)
  return isSameDay(due, now) ? "today" : isSameWeek(due, now) ? "week" : "later"
}

// As the server writes them. In the order of a language the browser would first read how languages order letters (25 ms,
// 100 on an old machine).
const earlier = (a: string, b: string) => Number(a > b) - Number(a < b)

/** The clock that runs, the one that ends first if there are two. */
function runningClock(clocks: Schemas["Clock"][]) {
  const running = clocks.filter((clock) => clock.stopped === undefined)
  return running.sort((a, b) => earlier(a.due ?? "9", b.due ?? "9"))[0]
}

const verbOf = (delivery: Delivery) =>
  delivery.recall === "requested" ? "answer" : delivery.state === "initial" ? "take" : "store"

function ownOf(delivery: Delivery, now: Date): OwnDuty {
  const clock = runningClock(delivery.clocks)
  return {
    delivery: delivery.id,
    document: delivery.document,
    verb: verbOf(delivery),
    code: delivery.code,
    subject: delivery.subject,
    who: delivery.sender,
    urgency: delivery.urgency,
    ...(clock ? { clock } : {}),
    group: groupOf(clock, now),
  }
}

/** One for each document and what is late of it. */
function followed(late: readonly Late[], now: Date): FollowDuty[] {
  const duties = new Map<string, FollowDuty>()
  for (const { delivery, document, code, subject, recipient, clock } of late) {
    const key = `${document} ${clock.rule}`
    const known = duties.get(key)
    if (!known) {
      duties.set(key, { delivery, document, verb: "follow", code: code || document, ...(subject === undefined ? {} : { subject }), urgency: 0, late: [recipient], clock, group: groupOf(clock, now) })
      continue
    }
    known.late.push(recipient)
    if ((clock.due ?? "9") < (known.clock.due ?? "9")) known.clock = clock
  }
  return [...duties.values()]
}

/** Late first, then by when it is due; urgent ones first where that is the same. */
export function dutiesOf(inbox: readonly Delivery[], late: readonly Late[], now: Date): Duty[] {
  const known = new Set(inbox.map(({ id }) => id))
  const all = [...inbox.map((delivery) => ownOf(delivery, now)), ...followed(late.filter((one) => !known.has(one.delivery)), now)]
  const due = (duty: Duty) => duty.clock?.due ?? "9"
  return all.sort(
    (a, b) =>
      DUTY_GROUPS.indexOf(a.group) - DUTY_GROUPS.indexOf(b.group) ||
      earlier(due(a), due(b)) ||
      b.urgency - a.urgency,
  )
}
