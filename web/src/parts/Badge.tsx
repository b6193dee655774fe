import { Icon, type IconName } from "./Icon"

export type Tone = "good" | "waiting" | "bad" | "told" | "plain"

/** A state: icon, word and colour, so that none of them is needed alone. */
export function Badge({ tone, icon, children }: { tone: Tone; icon: IconName; children: string }) {
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon} />
      {children}
    </span>
  )
}
