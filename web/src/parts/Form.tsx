import { type FormEvent, type ReactNode, useState } from "react"
import { useSay } from "../language/language"
import { Button } from "./Button"
import { Failure } from "./States"

/**
 * Says what is about to happen, what is missing, and why it did not work; nothing typed is lost by that. `children` get
 * what to say below a field that is still empty, once somebody has tried to send.
 */
export function Form({ about, send, work, complete, onSend, children }: {
  about: string
  send: string
  work: { error: unknown; isPending: boolean }
  complete: boolean
  onSend: () => void
  children: (missing: string | undefined) => ReactNode
}) {
  const say = useSay()
  const [tried, setTried] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (complete && !work.isPending) onSend()
  }
  return (
    <form onSubmit={submit}>
      <p>{about}</p>
      {children(tried && !complete ? say("field.missing") : undefined)}
      {work.error !== null && <Failure error={work.error} />}
      <Button type="submit" look="first" isPending={work.isPending}>
        {send}
      </Button>
    </form>
  )
}
