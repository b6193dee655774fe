import { useNavigate } from "@tanstack/react-router"
import { useOwnOrganisations } from "../../identity/me"
import { startOfDay } from "../../language/dates"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { DateField } from "../../parts/DateField"
import { Select } from "../../parts/Select"
import type { MailboxSearch } from "../../shell/router"

/** As the API takes them: days of Viet Nam, the last one whole. */
export function asQuery({ organisation, from, to }: MailboxSearch) {
  return {
    ...(organisation ? { organisation } : {}),
    ...(from ? { accepted_from: startOfDay(from) } : {}),
    ...(to ? { accepted_to: startOfDay(to, 1) } : {}),
  }
}

type Box = "/inbox" | "/outbox" | "/received"

/** Takes every filter away; nothing where there is none. */
export function useClear(to: Box, search: MailboxSearch): (() => void) | undefined {
  const navigate = useNavigate()
  return Object.keys(search).length > 0 ? () => void navigate({ to, search: {}, replace: true }) : undefined
}

/** The filters of a mailbox; they are in the address, and so can be kept and sent. */
export function Filters({ to, search, children }: { to: Box; search: MailboxSearch; children?: React.ReactNode }) {
  const say = useSay()
  const navigate = useNavigate()
  const { codes } = useOwnOrganisations("documents.read")
  const change = (changed: MailboxSearch) => {
    const set = Object.entries({ ...search, ...changed }).filter(([, value]) => value !== "")
    void navigate({ to, search: Object.fromEntries(set), replace: true })
  }
  const clear = useClear(to, search)
  return (
    <div className="filters" role="group" aria-label={say("filter.title")}>
      {codes.length > 1 && (
        <Select
          label={say("filter.organisation")}
          choices={[{ value: "", text: say("filter.all") }, ...codes.map((code) => ({ value: code, text: code }))]}
          value={search.organisation ?? ""}
          onChange={(organisation) => change({ organisation })}
        />
      )}
      <DateField label={say("filter.from")} value={search.from ?? ""} onChange={(from) => change({ from })} />
      <DateField label={say("filter.to")} value={search.to ?? ""} onChange={(last) => change({ to: last })} />
      {clear && (
        <Button look="bare" onPress={clear}>
          {say("filter.clear")}
        </Button>
      )}
      {children}
    </div>
  )
}
