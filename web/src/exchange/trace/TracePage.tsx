// "Where is my document?": one field, and the whole answer below it.
import { useQuery } from "@tanstack/react-query"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { useOwnOrganisations } from "../../identity/me"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { TextField } from "../../parts/Field"
import { Heard } from "../../parts/Heard"
import { Empty, Loaded } from "../../parts/States"
import { useTyped } from "../../parts/typed"
import { Page } from "../../shell/Page"
import { findTrace, isId } from "./find"
import { standingOf, TraceView } from "./TraceView"

const route = getRouteApi("/trace")
const REFRESH_MS = 15_000

export function TracePage() {
  const say = useSay()
  const { find, sender } = route.useSearch()
  const { codes } = useOwnOrganisations("traces.read")
  const found = useQuery({
    queryKey: ["trace", find, sender, codes],
    queryFn: () => findTrace(find ?? "", sender, codes),
    enabled: find !== undefined,
    refetchInterval: REFRESH_MS,
  })
  const unknown = found.data === null
  const heard = unknown
    ? say("trace.notYours")
    : found.data
      ? say("trace.heard", { code: found.data.code || found.data.id, now: standingOf(found.data, say) })
      : ""
  return (
    <Page title={say("trace.title")} lead={say("trace.lead")}>
      <Search find={find ?? ""} sender={sender ?? ""} askSender={unknown || sender !== undefined} />
      {find !== undefined && (
        <>
          <Heard text={heard} />
          <Loaded query={found}>
            {(trace) =>
              trace ? <TraceView trace={trace} /> : <Empty title={say("trace.notYours")}>{say("trace.saySender")}</Empty>
            }
          </Loaded>
        </>
      )}
    </Page>
  )
}

function Search({ find, sender, askSender }: { find: string; sender: string; askSender: boolean }) {
  const say = useSay()
  const navigate = useNavigate()
  const [typed, setTyped] = useTyped(find)
  const [typedSender, setTypedSender] = useTyped(sender)
  const [missing, setMissing] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const named = typed.trim()
    setMissing(named === "")
    if (named === "") return
    const search = isId(named) || typedSender.trim() === "" ? { find: named } : { find: named, sender: typedSender.trim() }
    void navigate({ to: "/trace", search })
  }
  return (
    <form className="find" role="search" onSubmit={submit}>
      <TextField
        label={say("trace.field")}
        hint={say("trace.fieldHint")}
        wrong={missing ? say("field.missing") : undefined}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        maxLength={200}
      />
      {askSender && (
        <TextField
          label={say("trace.sender")}
          hint={say("trace.senderHint")}
          value={typedSender}
          onChange={setTypedSender}
          autoComplete="off"
          maxLength={35}
        />
      )}
      <Button type="submit" look="first" icon="search">
        {say("trace.find")}
      </Button>
    </form>
  )
}
