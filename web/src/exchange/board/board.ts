// The delivery board of one document: for each recipient the time of each of the six states.
import type { Schemas } from "../../api/client"

type Traced = Schemas["TracedDelivery"]

export const BOARD_STATES = ["arrived", "accepted", "assigned", "worked", "finished", "returned"] as const
export type BoardState = (typeof BOARD_STATES)[number]

const BY_STATUS: Record<string, BoardState> = { "01": "arrived", "03": "accepted", "04": "assigned", "05": "worked", "06": "finished", "15": "returned" }
const BY_HOP: Record<string, BoardState> = { acknowledged: "arrived", recalled: "returned" }

export interface BoardRow {
  id: string
  code: string
  name: string
  state: Traced["state"]
  times: Partial<Record<BoardState, string>>
  /** When the recipient refused it, if it did. */
  refused?: string
  clock?: Schemas["Clock"]
  late: boolean
  waits: boolean
}

/** The first time of each state: what is reported again does not move it. */
export function boardRow(delivery: Traced): BoardRow {
  const times: BoardRow["times"] = {}
  let refused: string | undefined
  for (const hop of delivery.hops) {
    const answered = hop.kind === "status" || hop.kind === "recall_answered"
    const state = answered ? BY_STATUS[hop.detail ?? ""] : BY_HOP[hop.kind]
    if (state) times[state] ??= hop.time
    if (hop.kind === "status" && hop.detail === "02") refused ??= hop.time
  }
  const clock = delivery.clocks.find((one) => one.stopped === undefined)
  return {
    id: delivery.id,
    code: delivery.recipient,
    name: delivery.recipient_name || delivery.recipient,
    state: delivery.state,
    times,
    ...(refused ? { refused } : {}),
    ...(clock ? { clock } : {}),
    late: delivery.clocks.some((one) => one.late && one.stopped === undefined),
    waits: delivery.waiting !== undefined,
  }
}

/** How many recipients have come to each state. */
export function countsOf(rows: readonly BoardRow[]): Record<BoardState, number> {
  const counts = { arrived: 0, accepted: 0, assigned: 0, worked: 0, finished: 0, returned: 0 }
  for (const row of rows) for (const state of BOARD_STATES) if (row.times[state]) counts[state] += 1
  return counts
}

/** A cell of CSV that no spreadsheet takes for a formula. */
export function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
