import "./journal.css"
import type { Schemas } from "../../api/client"
import { momentText } from "../../language/dates"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"

const MARKS = {
  intact: { look: "notice", icon: "seal" },
  checking: { look: "notice waiting", icon: "clock" },
  broken: { look: "notice bad", icon: "wrong" },
} as const

/** Whether an entry of the journal was altered, as the server found by walking its chain. */
export function Chain({ chain: { state, until, checked_at, head, broken_at, why_vi, why_en } }: { chain: Schemas["JournalChain"] }) {
  const say = useSay()
  const { language } = useLanguage()
  const { look, icon } = MARKS[state]
  const values = {
    until: numberText(until, language),
    at: checked_at ? momentText(checked_at, language) : "–",
    entry: numberText(broken_at ?? 0, language),
    why: (language === "vi" ? why_vi : why_en) ?? "",
  }
  return (
    <div className={look} role={state === "broken" ? "alert" : "status"}>
      <Icon name={icon} />
      <span>
        <b>{say(`journal.chain.${state}`, values)}</b> {say(`journal.chainAbout.${state}`, values)}
        {head && (
          <>
            <br />
            <span className="small chained">{say("journal.head", { hash: head })}</span>
          </>
        )}
      </span>
    </div>
  )
}
