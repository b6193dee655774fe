// The exchange's words with their marks: how far a copy is, what its recipient does, clocks, urgency, signatures.
import type { Schemas } from "../api/client"
import { isSameDay, minutesText, momentText, timeText } from "../language/dates"
import { useLanguage, useSay } from "../language/language"
import { Badge, type Tone } from "../parts/Badge"
import type { IconName } from "../parts/Icon"

type Mark = { tone: Tone; icon: IconName }

const STATES: Record<Schemas["Delivery"]["state"], Mark> = {
  initial: { tone: "waiting", icon: "clock" },
  processing: { tone: "told", icon: "inbox" },
  done: { tone: "good", icon: "check" },
  fail: { tone: "bad", icon: "wrong" },
  withdrawn: { tone: "plain", icon: "back" },
}

/** How far the copy has travelled. */
export function StateBadge({ state }: { state: Schemas["Delivery"]["state"] }) {
  const say = useSay()
  return <Badge {...STATES[state]}>{say(`delivery.${state}`)}</Badge>
}

export const STATUS_CODES = ["01", "02", "03", "04", "05", "06", "15", "16"] as const
type StatusCode = (typeof STATUS_CODES)[number]
const STATUSES: Record<StatusCode, Mark> = {
  "01": { tone: "told", icon: "inbox" },
  "02": { tone: "bad", icon: "wrong" },
  "03": { tone: "good", icon: "check" },
  "04": { tone: "told", icon: "person" },
  "05": { tone: "told", icon: "clock" },
  "06": { tone: "good", icon: "seal" },
  "15": { tone: "plain", icon: "back" },
  "16": { tone: "plain", icon: "wrong" },
}

/** What the recipient does with it; nothing for codes that nobody knows. */
export function StatusBadge({ code }: { code: string }) {
  const say = useSay()
  const known = STATUS_CODES.find((one) => one === code)
  return known ? <Badge {...STATUSES[known]}>{say(`status.${known}`)}</Badge> : null
}

/** Until when something is due, or by how much it is late. */
export function ClockBadge({ clock }: { clock: Schemas["Clock"] }) {
  const say = useSay()
  const { language } = useLanguage()
  if (clock.late) {
    const by = minutesText(Math.max(1, clock.late_minutes), language)
    return (
      <Badge tone="bad" icon="late">
        {clock.urgent ? say("clock.late", { by }) : say("clock.lateWorking", { by })}
      </Badge>
    )
  }
  if (clock.stopped)
    return (
      <Badge tone="good" icon="check">
        {say("clock.stopped", { at: momentText(clock.stopped, language) })}
      </Badge>
    )
  if (clock.paused)
    return (
      <Badge tone="plain" icon="clock">
        {say("clock.paused")}
      </Badge>
    )
  if (!clock.due) return null
  const due = new Date(clock.due)
  const text = isSameDay(due, new Date())
    ? say("clock.dueToday", { at: timeText(due) })
    : say("clock.due", { at: momentText(due, language) })
  return (
    <Badge tone={isSameDay(due, new Date()) ? "waiting" : "plain"} icon="clock">
      {text}
    </Badge>
  )
}

const URGENCIES = ["0", "1", "2", "3", "4"] as const

/** Nothing for what is not urgent. */
export function UrgencyBadge({ urgency }: { urgency: number }) {
  const say = useSay()
  const known = URGENCIES[urgency]
  if (known === undefined || known === "0") return null
  return (
    <Badge tone="bad" icon="urgent">
      {say(`urgency.${known}`)}
    </Badge>
  )
}

const SIGNATURES: Record<NonNullable<Schemas["Document"]["signatures"]>, Mark> = {
  valid: { tone: "good", icon: "seal" },
  undetermined: { tone: "waiting", icon: "told" },
  invalid: { tone: "bad", icon: "wrong" },
  unsigned: { tone: "plain", icon: "empty" },
  checking: { tone: "told", icon: "clock" },
}

export function SignatureBadge({ verdict }: { verdict: NonNullable<Schemas["Document"]["signatures"]> }) {
  const say = useSay()
  return <Badge {...SIGNATURES[verdict]}>{say(`signatures.${verdict}`)}</Badge>
}
