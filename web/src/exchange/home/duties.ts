// What somebody has to do today, from the inbox and from what is late, by the clock.
import type { Schemas } from "../../api/client"
import { isSameDay } from "../../language/dates"

type Delivery = Schemas["Delivery"]
type Late = Schemas["Late"]

export const DUTY_GROUPS = ["late", "today", "later"] as const
export type DutyGroup = (typeof DUTY_GROUPS)[number]

export interface Duty {
  delivery: string
  document: string
  /** take: it waits in the inbox; store: it was fetched and not acknowledged; answer: it was asked back; follow: its
   *  recipient is late. */
  verb: "take" | "store" | "answer" | "follow"
  code?: string
  subject?: string
  who: Schemas["Party"] // the sender; of `follow` the recipient
  urgency: number
  clock?: Schemas["Clock"]
  group: DutyGroup
}

function groupOf(clock: Schemas["Clock"] | undefined, now: Date): DutyGroup {
  if (clock?.late) return "late"
  return clock?.due && isSameDay(new Date(clock.due), now) ? "today" : "later"
}

/** The clock that runs, the one that ends first if there are two. */
function runningClock(clocks: Schemas["Clock"][]) {
  const running = clocks.filter((clock) => clock.stopped === undefined)
  return running.sort((a, b) => (a.due ?? "9").localeCompare(b.due ?? "9"))[0]
}

const verbOf = (delivery: Delivery) =>
  delivery.recall === "requested" ? "answer" : delivery.state === "initial" ? "take" : "store"

/** Late first, then by when it is due; urgent ones first where that is the same. */
export function dutiesOf(inbox: readonly Delivery[], late: readonly Late[], now: Date): Duty[] {
  const own = inbox.map((delivery): Duty => {
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
  })
  const known = new Set(own.map((duty) => duty.delivery))
  const followed = late
    .filter((one) => !known.has(one.delivery))
    .map((one): Duty => ({
      delivery: one.delivery,
      document: one.document,
      verb: "follow",
      who: one.recipient,
      urgency: 0,
      clock: one.clock,
      group: groupOf(one.clock, now),
    }))
  const due = (duty: Duty) => duty.clock?.due ?? "9"
  return [...own, ...followed].sort(
    (a, b) =>
      DUTY_GROUPS.indexOf(a.group) - DUTY_GROUPS.indexOf(b.group) ||
      due(a).localeCompare(due(b)) ||
      b.urgency - a.urgency,
  )
}
