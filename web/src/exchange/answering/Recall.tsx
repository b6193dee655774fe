import { useState } from "react"
import { api, given, type Schemas } from "../../api/client"
import { useOnce } from "../../api/once"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { TextArea } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { useAnswer } from "./answer"

/** The sender takes a document back from everybody who has it. */
export function Recall({ id }: { id: string }) {
  const say = useSay()
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button icon="back" onPress={() => setOpen(true)}>
        {say("recall.title")}
      </Button>
      <Dialog title={say("recall.title")} open={open} onClose={close}>
        <RecallForm id={id} onDone={close} />
      </Dialog>
    </>
  )
}

function RecallForm({ id, onDone }: { id: string; onDone: () => void }) {
  const say = useSay()
  const once = useOnce()
  const [reason, setReason] = useState("")
  const work = useAnswer((body: Schemas["Recall"]) => {
    const params = { path: { id }, header: once(body) }
    return given(api.POST("/api/v1/documents/{id}/recall", { params, body }))
  }, onDone)
  return (
    <Form
      about={say("recall.about")}
      send={say("recall.send")}
      work={work}
      complete={reason.trim() !== ""}
      onSend={() => work.mutate({ reason: reason.trim() })}
    >
      {(missing) => <TextArea label={say("answer.reason")} value={reason} onChange={setReason} wrong={missing} maxLength={2000} required />}
    </Form>
  )
}
