import { useRouter } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { TextField } from "../../parts/Field"
import { codeOf, readCode } from "./fingerprint"

/** For who has a paper with a code and nothing to scan it with. */
export function CodeField() {
  const say = useSay()
  const router = useRouter()
  const [typed, setTyped] = useState("")
  const [wrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const bytes = readCode(typed)
    setWrong(bytes === undefined)
    if (bytes) void router.navigate({ href: `/verify/${codeOf(bytes)}` })
  }
  return (
    <form className="code unprinted" onSubmit={submit}>
      <TextField
        label={say("known.typed")}
        hint={say("known.typedHint")}
        wrong={wrong ? say("known.typedWrong") : undefined}
        value={typed}
        onChange={(now) => {
          setTyped(now)
          setWrong(false)
        }}
        autoComplete="off"
        maxLength={400}
      />
      <Button type="submit" icon="search">
        {say("known.look")}
      </Button>
    </form>
  )
}
