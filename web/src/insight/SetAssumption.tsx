// A new value for an assumption: with its range, where it comes from, whose it is, from when, and why. What was there
// before stays and holds for the days before.
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { api, given, type Schemas } from "../api/client"
import { useLanguage, useSay } from "../language/language"
import { Button } from "../parts/Button"
import { Dialog } from "../parts/Dialog"
import { DateField } from "../parts/DateField"
import { TextArea, TextField } from "../parts/Field"
import { Form } from "../parts/Form"
import { tell } from "../parts/tell"
import { dayOf } from "./periods"
import { decimalOf, decimalText } from "./values"
import { nameOf, unitText } from "./words"

type Assumption = Schemas["Assumption"]
const TEXT_MOST = 1900

export function SetAssumption({ one }: { one: Assumption }) {
  const say = useSay()
  const { language } = useLanguage()
  const [open, setOpen] = useState(false)
  const name = nameOf(one, language)
  return (
    <>
      <Button onPress={() => setOpen(true)} aria-label={say("insight.setOf", { name })}>
        {say("insight.set")}
      </Button>
      <Dialog title={say("insight.setOf", { name })} open={open} onClose={() => setOpen(false)}>
        <Wanted one={one} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function Wanted({ one, onDone }: { one: Assumption; onDone: () => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const client = useQueryClient()
  const written = (decimal: string | undefined) => decimalText(decimal ?? one.value, language)
  const [typed, setTyped] = useState({ value: written(one.value), low: written(one.low), high: written(one.high), source: "", owner: "", from: dayOf(new Date()), why: "" })
  const change = (field: keyof typeof typed) => (text: string) => setTyped({ ...typed, [field]: text })
  const numbers = { value: decimalOf(typed.value, language), low: decimalOf(typed.low, language), high: decimalOf(typed.high, language) }
  const { value, low, high } = numbers
  const texts = { source: typed.source.trim(), owner: typed.owner.trim(), why: typed.why.trim() }
  const work = useMutation({
    mutationFn: (wanted: Schemas["NewAssumption"]) => given(api.POST("/api/v1/insight/assumptions", { body: wanted })),
    onSuccess: async () => {
      tell(say("insight.setDone", { name: nameOf(one, language) }))
      onDone()
      // Everything that rests on it.
      await client.invalidateQueries({ predicate: ({ queryKey }) => /^\/api\/v1\/insight\/(assumptions|savings|overview)/.test(String(queryKey[1])) })
    },
  })
  const complete = value !== undefined && low !== undefined && high !== undefined && texts.source !== "" && texts.owner !== "" && texts.why !== "" && typed.from !== ""
  const send = () => {
    if (value === undefined || low === undefined || high === undefined) return
    work.mutate({ code: one.code, value, low, high, source: texts.source, owner: texts.owner, note: texts.why, valid_from: typed.from })
  }
  const number = (field: keyof typeof numbers, label: string) => (
    <TextField label={label} wrong={numbers[field] === undefined ? say("insight.badNumber") : undefined} value={typed[field]} onChange={change(field)} autoComplete="off" maxLength={20} required />
  )
  return (
    <Form about={say("insight.setAbout", { unit: unitText(one.unit, say) })} send={say("insight.set")} work={work} complete={complete} onSend={send}>
      {(missing) => (
        <div className="assumption-form">
          {number("value", say("insight.head.value"))}
          {number("low", say("insight.head.low"))}
          {number("high", say("insight.head.high"))}
          <div className="wide">
            <TextField label={say("insight.setSource")} hint={say("insight.setSourceHint")} wrong={texts.source === "" ? missing : undefined} value={typed.source} onChange={change("source")} maxLength={TEXT_MOST} autoComplete="off" required />
          </div>
          <div className="wide">
            <TextField label={say("insight.setOwner")} wrong={texts.owner === "" ? missing : undefined} value={typed.owner} onChange={change("owner")} maxLength={TEXT_MOST} autoComplete="off" required />
          </div>
          <div className="wide">
            <DateField label={say("insight.setFrom")} hint={say("insight.setFromHint")} value={typed.from} onChange={change("from")} required />
          </div>
          <div className="wide">
            <TextArea label={say("insight.setWhy")} wrong={texts.why === "" ? missing : undefined} value={typed.why} onChange={change("why")} maxLength={TEXT_MOST} required />
          </div>
        </div>
      )}
    </Form>
  )
}
