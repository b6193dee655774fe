import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, given, query } from "../../api/client"
import { useSession } from "../../api/session"
import { dateText, momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge, type Tone } from "../../parts/Badge"
import { Confirm } from "../../parts/Confirm"
import type { IconName } from "../../parts/Icon"
import { Loaded } from "../../parts/States"
import { PERMISSION_WORDS, permissionsIn } from "../permissions"
import { type Delegation, inOrder, lastText, type Standing, standingOf } from "./delegation"
import "./delegations.css"

/** What was handed on to a colleague, and what colleagues have handed on. */
export function Delegations() {
  const say = useSay()
  const { person } = useSession()
  const found = query.useQuery("get", "/api/v1/me/delegations")
  const now = found.dataUpdatedAt
  return (
    <section className="card" aria-labelledby="delegations">
      <h2 id="delegations">{say("profile.delegations")}</h2>
      <Loaded query={found}>
        {({ items }) => {
          const all = inOrder(items, now)
          return all.length === 0 ? (
            <p className="faint">{say("profile.noDelegations")}</p>
          ) : (
            <>
              <Group title={say("delegation.given")} delegations={all.filter((one) => one.from_person === person)} now={now} mine />
              <Group title={say("delegation.received")} delegations={all.filter((one) => one.from_person !== person)} now={now} />
            </>
          )
        }}
      </Loaded>
    </section>
  )
}

function Group({ title, delegations, now, mine }: { title: string; delegations: readonly Delegation[]; now: number; mine?: true }) {
  if (delegations.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className="lines" aria-label={title}>
        {delegations.map((one) => (
          <Row key={one.delegation} delegation={one} standing={standingOf(one, now)} mine={mine === true} />
        ))}
      </ul>
    </>
  )
}

const MARKS: Record<Standing, { tone: Tone; icon: IconName }> = {
  coming: { tone: "waiting", icon: "clock" },
  running: { tone: "good", icon: "check" },
  over: { tone: "plain", icon: "clock" },
  ended: { tone: "plain", icon: "back" },
}

function Row({ delegation, standing, mine }: { delegation: Delegation; standing: Standing; mine: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const { from, to, ended_at, reason, permissions, title, organisation } = delegation
  const name = mine ? (delegation.to_name ?? String(delegation.to_person)) : (delegation.from_name ?? String(delegation.from_person))
  return (
    <li className={standing === "over" || standing === "ended" ? "span past" : "span"}>
      <span className="days-of">
        <b>{dateText(from, language)}</b>
        <span>{say("delegation.until", { to: lastText(to, language) })}</span>
      </span>
      <span className="grows">
        <span className="row">
          <b>{mine ? say("profile.handedOn", { to: name }) : say("profile.handedOver", { from: name })}</b>
          <Badge {...MARKS[standing]}>{say(`delegation.${standing}`)}</Badge>
        </span>
        <span className="faint">{[title, organisation].filter(Boolean).join(", ")}</span>
        <br />
        <span>{permissionsIn(permissions).map((one) => say(PERMISSION_WORDS[one])).join("; ")}</span>
        <br />
        <span className="small faint">
          {[say("delegation.because", { reason }), ...(ended_at ? [say("profile.delegationEnded", { at: momentText(ended_at, language) })] : [])].join(" ")}
        </span>
      </span>
      {(standing === "running" || standing === "coming") && <EndDelegation delegation={delegation.delegation} name={name} mine={mine} />}
    </li>
  )
}

function EndDelegation({ delegation, name, mine }: { delegation: number; name: string; mine: boolean }) {
  const say = useSay()
  const cache = useQueryClient()
  const work = useMutation({
    mutationFn: (_: undefined) => given(api.DELETE("/api/v1/delegations/{delegation}", { params: { path: { delegation } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", "/api/v1/me/delegations"] }),
  })
  return (
    <Confirm
      button={say("profile.end")}
      name={mine ? say("profile.endDelegation", { name }) : say("delegation.endReceived", { name })}
      about={say("profile.endDelegationAbout")}
      work={work}
    />
  )
}
