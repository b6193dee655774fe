// What the clerk of a recipient can say of a delivery as it is now. The server has the last word.
import type { Schemas } from "../../api/client"

type Delivery = Schemas["Delivery"]

export const ANSWERS = ["store", "fail", "report", "giveBack", "keep"] as const
export type Answer = (typeof ANSWERS)[number]

/** What work can come to, in the order in which it does. 01 is said by taking the document. */
export const REPORTED = ["03", "04", "05", "06", "02"] as const
export type Reported = (typeof REPORTED)[number]

/** The first one is what is expected next. */
export function answersFor({ state, recall }: Pick<Delivery, "state" | "recall">): Answer[] {
  if (state === "withdrawn" || recall === "agreed") return []
  if (recall === "requested") return ["giveBack", "keep"]
  if (state === "initial" || state === "processing") return ["store", "fail"]
  return state === "done" ? ["report"] : []
}

/** Whether it takes a reason in words. */
export const needsReason = (code: string) => code === "02" || code === "16"
