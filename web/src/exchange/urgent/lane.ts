// What is urgent and not answered yet, from the inbox and from the figures' list, by how soon it is due.
import type { Schemas } from "../../api/client"

export interface Waiting {
  delivery: string
  href: string
  who: string // whose move it is: the sender in one's own inbox, the recipient where one follows
  code?: string // of the document, where its reader may read it
  subject?: string
  urgency: number
  due?: number // milliseconds since 1970; not there while the clock stands still
}

const dueOf = (written: string | undefined) => (written === undefined ? {} : { due: Date.parse(written) })

/** The first to be due first; what has no time yet comes last. */
const byDue = (a: Waiting, b: Waiting) => (a.due ?? Infinity) - (b.due ?? Infinity)

/** Of what waits for the reader's organisations. */
export function ownLane(inbox: readonly Schemas["Delivery"][]): Waiting[] {
  return inbox
    .filter((one) => one.urgency > 0)
    .map((one): Waiting => {
      const running = one.clocks.flatMap((clock) => (clock.stopped === undefined && clock.due !== undefined ? [clock.due] : [])).sort()
      return {
        delivery: one.id,
        href: `/documents/${encodeURIComponent(one.document)}`,
        who: one.sender.name || one.sender.code,
        code: one.code,
        subject: one.subject,
        urgency: one.urgency,
        ...dueOf(running[0]),
      }
    })
    .sort(byDue)
}

/** Of what is followed. */
export function followedLane(counted: readonly Schemas["CountedDelivery"][]): Waiting[] {
  return counted
    .map((one): Waiting => ({
      delivery: one.id,
      href: `/trace?find=${encodeURIComponent(one.id)}`,
      who: one.recipient.name || one.recipient.code,
      subject: one.sender.name || one.sender.code,
      urgency: one.urgency,
      ...dueOf(one.due),
    }))
    .sort(byDue)
}

/** Whole minutes until then; below nothing once it has passed. */
export const minutesUntil = (due: number, now: number) => (due >= now ? Math.ceil((due - now) / 60_000) : -Math.ceil((now - due) / 60_000))
