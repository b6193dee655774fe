// A deed of an administrator: a button, a dialog that says what will happen, and the server's own words where it says no.
import { ProblemError } from "@truc/client/problem"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { textOf } from "../../api/client"
import { useLanguage } from "../../language/language"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { Form } from "../../parts/Form"
import { Icon, type IconName } from "../../parts/Icon"

/** A change at the server; afterwards the lists of these addresses are read again. */
export function useDeed<V, T>(work: (value: V) => Promise<T>, stale: readonly string[]) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: work,
    onSuccess: () => Promise.all(stale.map((path) => cache.invalidateQueries({ queryKey: ["get", path] }))),
  })
}

/** Why the server refused, read out at once. */
export function Refusal({ error }: { error: unknown }) {
  const { language } = useLanguage()
  return (
    <div role="alert">
      {error instanceof ProblemError && (
        <p className="notice bad">
          <Icon name="lock" />
          <span>{textOf(error, language)}</span>
        </p>
      )}
    </div>
  )
}

interface Work {
  error: unknown
  isPending: boolean
}

/** What a form says of itself: refusals stand in it, everything else is said by Form. */
export const outside = ({ error, isPending }: Work) => ({ error: error instanceof ProblemError ? null : error, isPending })

/** `title` tells buttons in a list apart. `onSend` is given what closes the dialog. */
export function Deed({ button, title, send, icon, look, about, complete = true, work, onSend, children }: {
  button: string
  title?: string
  send?: string
  icon?: IconName
  look?: "first" | "bare"
  about: string
  complete?: boolean
  work: Work & { reset: () => void }
  onSend: (close: () => void) => void
  children?: (missing: string | undefined) => ReactNode
}) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Button
        {...(icon ? { icon } : {})}
        {...(look ? { look } : {})}
        {...(title ? { "aria-label": title } : {})}
        onPress={() => {
          work.reset()
          setOpen(true)
        }}
      >
        {button}
      </Button>
      <Dialog title={title ?? button} open={open} onClose={close}>
        <Form about={about} send={send ?? button} work={outside(work)} complete={complete} onSend={() => onSend(close)}>
          {(missing) => (
            <>
              {children?.(missing)}
              <Refusal error={work.error} />
            </>
          )}
        </Form>
      </Dialog>
    </>
  )
}
