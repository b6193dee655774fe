// At which step a delivery lost its time, as far as its timestamps tell: before its recipient fetched it, or after that,
// before the recipient's word. What an agency does with it later has no deadline of the exchange.
import type { Schemas } from "../api/client"

type Counted = Pick<Schemas["CountedDelivery"], "recipient" | "arrived_at" | "answered_at" | "due">
export const STEPS = ["fetch", "answer"] as const
export type Step = (typeof STEPS)[number]

export function stepOf({ arrived_at, due }: Pick<Counted, "arrived_at" | "due">): Step {
  if (arrived_at === undefined) return "fetch"
  return due !== undefined && Date.parse(arrived_at) > Date.parse(due) ? "fetch" : "answer"
}

export interface LateUnit {
  code: string
  name: string
  fetch: number
  answer: number
  /** Of both, those that nobody has answered yet. */
  now: number
}

/** By recipient, the most first. */
export function unitsOf(late: readonly Counted[]): LateUnit[] {
  const units = new Map<string, LateUnit>()
  for (const one of late) {
    const { code, name } = one.recipient
    const unit = units.get(code) ?? { code, name, fetch: 0, answer: 0, now: 0 }
    unit[stepOf(one)] += 1
    if (one.answered_at === undefined) unit.now += 1
    units.set(code, unit)
  }
  return [...units.values()].sort((a, b) => b.fetch + b.answer - a.fetch - a.answer || (a.code < b.code ? -1 : 1))
}
