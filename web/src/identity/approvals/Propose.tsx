// Proposing an act: what, about whom, and why.
import { useState } from "react"
import { api, type Schemas } from "../../api/client"
import { useSay } from "../../language/language"
import { TextArea, TextField } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { Select } from "../../parts/Select"
import { CodeField } from "../administration/CodeField"
import { outside, Refusal, useDeed } from "../administration/Deed"

// What needs a file or a list of permissions is proposed where those are: by the API or the command line.
export const OFFERED = ["system_disable", "system_enable", "organisation_remove"] as const
type Act = (typeof OFFERED)[number]

export function Propose({ first, subject, onDone }: { first: Act | undefined; subject: string | undefined; onDone: () => void }) {
  const say = useSay()
  const [act, setAct] = useState<Act>(first ?? "system_disable")
  const [about, setAbout] = useState(subject ?? "")
  const [reason, setReason] = useState("")
  const work = useDeed((body: Schemas["Proposal"]) => api.POST("/api/v1/approvals", { body }), ["/api/v1/approvals"])
  const empty = about.trim() === ""
  return (
    <Form
      about={say("approvals.proposeAbout")}
      send={say("approvals.proposeSend")}
      work={outside(work)}
      complete={!empty && reason.trim().length >= 3}
      onSend={() => work.mutate({ act, subject: about.trim(), reason: reason.trim() }, { onSuccess: onDone })}
    >
      {(missing) => (
        <>
          <Select label={say("approvals.what")} choices={OFFERED.map((value) => ({ value, text: say(`approvals.act.${value}`) }))} value={act} onChange={setAct} />
          {act === "organisation_remove" ? (
            <CodeField label={say("organisations.code")} value={about} onChange={setAbout} wrong={empty ? missing : undefined} required />
          ) : (
            <TextField label={say("systems.id")} value={about} onChange={setAbout} wrong={empty ? missing : undefined} maxLength={35} autoComplete="off" required />
          )}
          <TextArea label={say("administration.reason")} value={reason} onChange={setReason} wrong={reason.trim().length < 3 ? missing : undefined} maxLength={300} required />
          <Refusal error={work.error} />
        </>
      )}
    </Form>
  )
}
