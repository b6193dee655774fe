import { useState } from "react"
import { Button } from "./Button"
import { Dialog } from "./Dialog"
import { Form } from "./Form"
import type { IconName } from "./Icon"

/** A button whose deed is said and asked for before it is done. `name` tells buttons in a list apart. */
export function Confirm({ button, name, icon, about, work }: {
  button: string
  name?: string
  icon?: IconName
  about: string
  work: { error: unknown; isPending: boolean; reset: () => void; mutate: (given: undefined, then: { onSuccess: () => void }) => void }
}) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button
        {...(icon ? { icon } : {})}
        {...(name ? { "aria-label": name } : {})}
        onPress={() => {
          work.reset()
          setOpen(true)
        }}
      >
        {button}
      </Button>
      <Dialog title={name ?? button} open={open} onClose={close}>
        <Form about={about} send={button} work={work} complete onSend={() => work.mutate(undefined, { onSuccess: close })}>
          {() => null}
        </Form>
      </Dialog>
    </>
  )
}
