// What a notification says, where it leads, and its mark.
import type { Schemas } from "../../api/client"
import { isSameDay, momentText, timeText } from "../../language/dates"
import type { Language, MessageKey, Say } from "../../language/language"
import type { Tone } from "../../parts/Badge"
import type { IconName } from "../../parts/Icon"
import { STATUS_CODES } from "../words"

export type Notification = Schemas["Notification"]
export type Kind = Notification["kind"]

export const KINDS: Record<Kind, { tone: Tone; icon: IconName }> = {
  received: { tone: "told", icon: "inbox" },
  received_urgent: { tone: "bad", icon: "urgent" },
  due_soon: { tone: "waiting", icon: "clock" },
  late: { tone: "bad", icon: "late" },
  recipient_late: { tone: "waiting", icon: "late" },
  refused: { tone: "bad", icon: "wrong" },
  recall: { tone: "waiting", icon: "back" },
  status: { tone: "good", icon: "check" },
  malware: { tone: "bad", icon: "wrong" },
  approval: { tone: "waiting", icon: "person" },
  account: { tone: "plain", icon: "key" },
}
export const ALL_KINDS = Object.keys(KINDS) as Kind[]

/** What several recipients say alike of one document, one after the other, is one line: a letter to 628 is not 628. */
export interface Line {
  first: Notification
  ids: string[]
}

export function linesOf(items: readonly Notification[]): Line[] {
  const lines: Line[] = []
  for (const one of items) {
    const last = lines.at(-1)
    if (last && last.ids.length < IDS_AT_ONCE && alike(last.first, one)) last.ids.push(one.id)
    else lines.push({ first: one, ids: [one.id] })
  }
  return lines
}

const IDS_AT_ONCE = 200 // the most that the API marks in one call
const OF_RECIPIENTS: readonly Kind[] = ["status", "recipient_late", "refused", "recall"]

const alike = (a: Notification, b: Notification) =>
  OF_RECIPIENTS.includes(a.kind) &&
  a.document !== undefined &&
  a.document.id === b.document?.id &&
  a.event === b.event &&
  a.status === b.status &&
  a.read === b.read

/** In one sentence; `now` decides whether a time needs its day. */
export function sentenceOf({ first: one, ids }: Line, say: Say, language: Language, now: Date): string {
  const moment = (written: string | undefined) => {
    if (written === undefined) return ""
    const at = new Date(written)
    return isSameDay(at, now) ? timeText(at) : momentText(at, language)
  }
  if (one.kind === "approval") return say("notifications.told.approval", { by: one.by ?? say("notifications.somebody"), act: one.act ?? "", subject: one.act_subject ?? "" })
  if (one.kind === "account") return say("notifications.told.account", { event: one.event, post: one.post ?? "", until: moment(one.until) })
  const status = STATUS_CODES.find((code) => code === one.status)
  const who = nameOf(one.organisation)
  return say(`notifications.told.${one.event}` as MessageKey, {
    who: ids.length > 1 ? say("notifications.andOthers", { who, count: ids.length - 1 }) : who,
    own: nameOf(one.own),
    code: one.document?.code ?? "",
    due: moment(one.due),
    status: status ? say(`status.${status}`) : "",
    reason: one.reason === "exchange.malware" ? "malware" : "signatures",
  })
}

const nameOf = (party: Schemas["Party"] | undefined) => party?.name || party?.code || ""

/** The page of what it is about; nothing: there is none. */
export function hrefOf({ first: one, ids }: Line): string | undefined {
  if (one.kind === "account") return "/profile"
  if (one.document?.readable) return `/documents/${encodeURIComponent(one.document.id)}${ids.length > 1 ? "?tab=board" : ""}`
  const followed = one.delivery ?? one.document?.id
  return followed === undefined ? undefined : `/trace?find=${encodeURIComponent(followed)}`
}

/** Those of a day together, as they come: the newest first. */
export function byDay<T extends { at: string }>(items: readonly T[]): { day: Date; items: T[] }[] {
  const days: { day: Date; items: T[] }[] = []
  for (const one of items) {
    const at = new Date(one.at)
    const last = days.at(-1)
    if (last && isSameDay(last.day, at)) last.items.push(one)
    else days.push({ day: at, items: [one] })
  }
  return days
}
