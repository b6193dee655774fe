import { momentText } from "../language/dates"
import { useLanguage, useSay } from "../language/language"
import { type Period, periodBefore, periodText } from "./periods"

export interface Asked extends Period {
  organisation?: string
  direction?: "sent" | "received"
}

/** Asked anew while somebody looks: figures are some seconds old. */
export const FRESH = { refetchInterval: 60_000 }

/** Of which days, and as of when; compared with which. `quiet` where it changes by itself: that need not be read out. */
export function Head({ of, compared, quiet }: { of: Period & { as_of: string }; compared?: boolean; quiet?: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const values = { period: periodText(of, language), at: momentText(of.as_of, language) }
  return (
    <p className="faint" {...(quiet ? {} : { role: "status" })}>
      {compared ? say("insight.asOfCompared", { ...values, before: periodText(periodBefore(of), language) }) : say("insight.asOf", values)}
    </p>
  )
}
