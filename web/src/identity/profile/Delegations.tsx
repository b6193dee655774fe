import { useState } from "react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useSession } from "../../api/session"
import { api, given, query, type Schemas } from "../../api/client"
import { momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Confirm } from "../../parts/Confirm"
import { Loaded } from "../../parts/States"
import { PERMISSION_WORDS, permissionsIn } from "../permissions"

type Delegation = Schemas["Delegation"]

/** What was handed on to a colleague, and what colleagues have handed on. */
export function Delegations() {
  const say = useSay()
  const { person } = useSession()
  const found = query.useQuery("get", "/api/v1/me/delegations")
  return (
    <section className="card" aria-labelledby="delegations">
      <h2 id="delegations">{say("profile.delegations")}</h2>
      <Loaded query={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="faint">{say("profile.noDelegations")}</p>
          ) : (
            <ul className="lines">
              {items.map((one) => (
                <Row key={one.delegation} delegation={one} given={one.from_person === person} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  )
}

function Row({ delegation, given: handedOn }: { delegation: Delegation; given: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const { from, to, ended_at, reason, permissions } = delegation
  const [now] = useState(Date.now)
  const over = ended_at !== undefined || Date.parse(to) < now
  return (
    <li>
      <span className="grows">
        <b>{handedOn ? say("profile.handedOn", { to: delegation.to_person }) : say("profile.handedOver", { from: delegation.from_person })}</b>
        <br />
        <span>{permissionsIn(permissions).map((one) => say(PERMISSION_WORDS[one])).join("; ")}</span>
        <br />
        <span className="small faint">{say("profile.delegationTimes", { from: momentText(from, language), to: momentText(to, language), reason })}</span>
      </span>
      {over ? (
        <Badge tone="plain" icon="clock">
          {ended_at ? say("profile.delegationEnded", { at: momentText(ended_at, language) }) : say("profile.delegationOver")}
        </Badge>
      ) : (
        <EndDelegation delegation={delegation} />
      )}
    </li>
  )
}

function EndDelegation({ delegation: { delegation } }: { delegation: Delegation }) {
  const say = useSay()
  const cache = useQueryClient()
  const work = useMutation({
    mutationFn: (_: undefined) => given(api.DELETE("/api/v1/delegations/{delegation}", { params: { path: { delegation } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", "/api/v1/me/delegations"] }),
  })
  return (
    <Confirm
      button={say("profile.end")}
      name={say("profile.endDelegation", { number: delegation })}
      about={say("profile.endDelegationAbout")}
      work={work}
    />
  )
}
