// Adding, changing and ending an organisation. When somebody else was faster it is said what they changed, and nothing
// that was typed is lost.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { ProblemError } from "@truc/client/problem"
import { useState } from "react"
import { api, given } from "../../api/client"
import { dayText, momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"
import { DateField } from "../../parts/DateField"
import { TextField } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { Loaded } from "../../parts/States"
import { CodeField } from "../administration/CodeField"
import { outside, Refusal } from "../administration/Deed"
import { bodyOf, type Field, merged, read, type Read, type Typed, typedOf } from "./fields"

const CHANGED: readonly Field[] = ["name", "parent", "old_code", "mail", "effective_from"]
const ENDED: readonly Field[] = ["effective_to", "successor"]
const LONGEST: Partial<Record<Field, number>> = { name: 1000, mail: 320 }

function useStale() {
  const cache = useQueryClient()
  return () =>
    Promise.all(
      ["/api/v1/organisations", "/api/v1/organisations/{code}", "/api/v1/organisation-changes"].map((path) =>
        cache.invalidateQueries({ queryKey: ["get", path] }),
      ),
    )
}

export function NewOrganisation({ onDone }: { onDone: (code: string) => void }) {
  const say = useSay()
  const stale = useStale()
  const [code, setCode] = useState("")
  const [typed, setTyped] = useState(() => typedOf({}))
  const work = useMutation({
    mutationFn: () =>
      given(
        api.PUT("/api/v1/organisations/{code}", {
          params: { path: { code: code.trim() } },
          body: bodyOf(typed, typedOf({})),
          headers: { "If-None-Match": "*" },
        }),
      ),
    onSuccess: async (made) => {
      await stale()
      onDone(made.code)
    },
  })
  const taken = work.error instanceof ProblemError && work.error.reason === "rest.precondition_required"
  return (
    <Form
      about={say("organisations.newAbout")}
      send={say("organisations.add")}
      work={taken ? { error: null, isPending: work.isPending } : outside(work)}
      complete={code.trim() !== "" && typed.name.trim() !== ""}
      onSend={() => work.mutate()}
    >
      {(missing) => (
        <>
          <TextField
            label={say("organisations.code")}
            hint={say("organisations.codeHint")}
            value={code}
            onChange={setCode}
            wrong={taken ? say("organisations.taken", { code: code.trim() }) : code.trim() === "" ? missing : undefined}
            maxLength={35}
            autoComplete="off"
            required
          />
          <Fields fields={CHANGED} typed={typed} onChange={setTyped} missing={missing} />
          {!taken && <Refusal error={work.error} />}
        </>
      )}
    </Form>
  )
}

/** `ending`: only until when, and who takes over. */
export function ChangeOrganisation({ code, ending, onDone }: { code: string; ending?: boolean; onDone: () => void }) {
  const found = useQuery({ queryKey: ["organisation to change", code], queryFn: () => read(code), staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false })
  return <Loaded query={found}>{(first) => <Change first={first} ending={ending ?? false} onDone={onDone} />}</Loaded>
}

interface Conflict {
  before: Typed
  theirs: Typed
  at: string
  clashes: readonly Field[]
}

function Change({ first, ending, onDone }: { first: Read; ending: boolean; onDone: () => void }) {
  const say = useSay()
  const stale = useStale()
  const [against, setAgainst] = useState(first)
  const [typed, setTyped] = useState(() => typedOf(first.organisation))
  const [conflict, setConflict] = useState<Conflict>()
  const before = typedOf(against.organisation)
  const { code } = first.organisation
  const work = useMutation({
    mutationFn: async () => {
      try {
        await api.PUT("/api/v1/organisations/{code}", {
          params: { path: { code } },
          body: bodyOf(typed, before),
          headers: { "If-Match": against.etag },
        })
        return true
      } catch (error) {
        if (!(error instanceof ProblemError) || error.reason !== "rest.precondition_failed") throw error
        const now = await read(code)
        const theirs = typedOf(now.organisation)
        const { typed: both, clashes } = merged(typed, before, theirs)
        setConflict({ before, theirs, at: now.organisation.changed_at, clashes })
        setTyped(both)
        setAgainst(now)
        return false
      }
    },
    onSuccess: async (saved) => {
      await stale()
      if (saved) onDone()
    },
  })
  const emptied = !ending && CHANGED.some((field) => field !== "name" && before[field] !== "" && typed[field].trim() === "")
  return (
    <Form
      about={ending ? say("organisations.endAbout") : say("organisations.changeAbout")}
      send={conflict ? say("organisations.saveMine") : ending ? say("organisations.end") : say("organisations.save")}
      work={outside(work)}
      complete={typed.name.trim() !== "" && (!ending || typed.effective_to !== "")}
      onSend={() => work.mutate()}
    >
      {(missing) => (
        <>
          {conflict && <Told conflict={conflict} mine={typed} />}
          <Fields fields={ending ? ENDED : CHANGED} typed={typed} onChange={setTyped} missing={missing} />
          {emptied && <p className="notice">{say("organisations.emptied")}</p>}
          <Refusal error={work.error} />
        </>
      )}
    </Form>
  )
}

/** What somebody else changed meanwhile, and what remains to be decided. */
function Told({ conflict: { before, theirs, at, clashes }, mine }: { conflict: Conflict; mine: Typed }) {
  const say = useSay()
  const { language } = useLanguage()
  const changed = (Object.keys(theirs) as Field[]).filter((field) => theirs[field] !== before[field])
  const shown = (field: Field, value: string) =>
    value === "" ? say("organisations.nothing") : field === "effective_from" || field === "effective_to" ? dayText(value, language) : value
  return (
    <div role="alert" className="notice waiting">
      <Icon name="late" />
      <div>
        <p>
          <b>{say("organisations.conflict", { at: momentText(at, language) })}</b>
        </p>
        <ul>
          {changed.map((field) => (
            <li key={field}>
              {clashes.includes(field)
                ? say("organisations.clash", { field: say(`organisations.field.${field}`), theirs: shown(field, theirs[field]), mine: shown(field, mine[field]) })
                : say("organisations.taken_over", { field: say(`organisations.field.${field}`), before: shown(field, before[field]), theirs: shown(field, theirs[field]) })}
            </li>
          ))}
        </ul>
        <p>{say("organisations.conflictRemedy")}</p>
      </div>
    </div>
  )
}

function Fields({ fields, typed, onChange, missing }: { fields: readonly Field[]; typed: Typed; onChange: (typed: Typed) => void; missing: string | undefined }) {
  const say = useSay()
  return fields.map((field) => {
    const label = say(`organisations.field.${field}`)
    const set = (value: string) => onChange({ ...typed, [field]: value })
    const needed = field === "name" || field === "effective_to"
    const wrong = needed && typed[field].trim() === "" ? missing : undefined
    if (field === "parent" || field === "successor") return <CodeField key={field} label={label} value={typed[field]} onChange={set} />
    if (field === "effective_from" || field === "effective_to")
      return <DateField key={field} label={label} value={typed[field]} onChange={set} wrong={wrong} required={needed} />
    return (
      <TextField
        key={field}
        label={label}
        value={typed[field]}
        onChange={set}
        wrong={wrong}
        maxLength={LONGEST[field] ?? 35}
        autoComplete="off"
        required={needed}
      />
    )
  })
}
