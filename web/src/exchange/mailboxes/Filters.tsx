import { useNavigate } from "@tanstack/react-router"
import { useOwnOrganisations } from "../../identity/me"
import { startOfDay } from "../../language/dates"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { TextField } from "../../parts/Field"
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

/** The filters of a mailbox; they are in the address, and so can be kept and sent. */
export function Filters({ to, search, children }: { to: "/inbox" | "/outbox" | "/received"; search: MailboxSearch; children?: React.ReactNode }) {
  const say = useSay()
  const navigate = useNavigate()
  const { codes } = useOwnOrganisations("documents.read")
  const change = (changed: MailboxSearch) => void navigate({ to, search: { ...search, ...changed }, replace: true })
  const any = Object.keys(search).length > 0
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
      <TextField label={say("filter.from")} type="date" value={search.from ?? ""} onChange={(from) => change({ from })} />
      <TextField label={say("filter.to")} type="date" value={search.to ?? ""} onChange={(last) => change({ to: last })} />
      {any && (
        <Button look="bare" onPress={() => void navigate({ to, search: {}, replace: true })}>
          {say("filter.clear")}
        </Button>
      )}
      {children}
    </div>
  )
}
