// Handing on what a post gives: to whom, from which day to which, what of it, and why.
import { ProblemError } from "@truc/client/problem"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { api, given, type Schemas, textOf } from "../../api/client"
import { useOnce } from "../../api/once"
import { dateText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Checkbox, TextField } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { Icon } from "../../parts/Icon"
import { tell } from "../../parts/tell"
import type { Permission } from "../me"
import { PERMISSION_WORDS } from "../permissions"
import { type Colleague, ColleagueField } from "./Colleague"
import { dayOf, type OwnPost, timesOf, usual } from "./delegation"

const MEMBERS = ["to_person", "from", "to", "permissions", "reason"] as const
type Member = (typeof MEMBERS)[number]
const REASON_LEAST = 3

export function NewDelegation({ post, where, onDone }: { post: OwnPost; where: string; onDone: () => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const cache = useQueryClient()
  const once = useOnce()
  const [colleague, setColleague] = useState<Colleague>()
  const [from, setFrom] = useState(() => dateText(new Date(), "vi"))
  const [to, setTo] = useState("")
  const [scopes, setScopes] = useState(() => usual(post))
  const [reason, setReason] = useState("")
  const work = useMutation({
    mutationFn: (body: Schemas["NewDelegation"]) => given(api.POST("/api/v1/me/delegations", { body, headers: once(body) })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ["get", "/api/v1/me/delegations"] })
      tell(say("delegation.made", { name: colleague?.name ?? "" }))
      onDone()
    },
  })
  const [first, last] = [dayOf(from), dayOf(to)]
  const order = first && last && last < first ? say("delegation.order") : undefined
  const problem = work.error instanceof ProblemError ? work.error : undefined
  const member = MEMBERS.find((one) => problem?.pointer === `/${one}`)
  // What the server has said of it; typing again says nothing until it is asked again.
  const refused = (one: Member) => (problem && member === one ? textOf(problem, language) : undefined)
  const change = <T,>(set: (value: T) => void) => (value: T) => {
    work.reset()
    set(value)
  }
  const day = (typed: string, found: string | undefined, missing: string | undefined) =>
    typed.trim() !== "" && !found && (missing !== undefined || typed.length >= 10) ? say("delegation.noDay") : found ? undefined : missing
  return (
    <Form
      about={say("delegation.about", { post: post.title, organisation: where })}
      send={say("delegation.make")}
      work={{ error: member ? null : work.error, isPending: work.isPending }}
      complete={colleague !== undefined && first !== undefined && last !== undefined && !order && scopes.length > 0 && reason.trim().length >= REASON_LEAST}
      onSend={() => {
        if (!colleague || !first || !last) return
        work.mutate({ post: post.post, to_person: colleague.person, permissions: scopes.join(" "), reason: reason.trim(), ...timesOf(first, last, new Date()) })
      }}
    >
      {(missing) => (
        <>
          <ColleagueField
            organisation={post.organisation}
            chosen={colleague}
            onChoose={change(setColleague)}
            wrong={refused("to_person") ?? (colleague ? undefined : missing && say("delegation.chooseOne"))}
          />
          <div className="days">
            <TextField label={say("delegation.from")} hint={say("delegation.dayHint")} value={from} onChange={change(setFrom)} wrong={refused("from") ?? day(from, first, missing)} maxLength={10} autoComplete="off" required />
            <TextField label={say("delegation.to")} hint={say("delegation.lastHint")} value={to} onChange={change(setTo)} wrong={refused("to") ?? order ?? day(to, last, missing)} maxLength={10} autoComplete="off" required />
          </div>
          <Scopes post={post} chosen={scopes} onChange={change(setScopes)} wrong={refused("permissions") ?? (scopes.length === 0 ? missing : undefined)} />
          <TextField
            label={say("delegation.reason")}
            hint={say("delegation.reasonHint")}
            value={reason}
            onChange={change(setReason)}
            wrong={refused("reason") ?? (reason.trim().length < REASON_LEAST ? missing : undefined)}
            maxLength={500}
            autoComplete="off"
            required
          />
        </>
      )}
    </Form>
  )
}

function Scopes({ post, chosen, onChange, wrong }: { post: OwnPost; chosen: readonly Permission[]; onChange: (chosen: Permission[]) => void; wrong: string | undefined }) {
  const say = useSay()
  return (
    <fieldset className="field scopes">
      <legend className="label">{say("delegation.scopes")}</legend>
      <p className="hint">{say("delegation.scopesHint")}</p>
      {post.delegable.map((one) => (
        <Checkbox
          key={one}
          isSelected={chosen.includes(one)}
          onChange={(on) => onChange(post.delegable.filter((other) => (other === one ? on : chosen.includes(other))))}
        >
          <span>{say(PERMISSION_WORDS[one])}</span>
        </Checkbox>
      ))}
      {wrong && (
        <p className="wrong" role="alert">
          <Icon name="wrong" />
          <span>{wrong}</span>
        </p>
      )}
    </fieldset>
  )
}
