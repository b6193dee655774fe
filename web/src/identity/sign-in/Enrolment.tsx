// The first time, or with a new device: a link code from the administrator, and a passkey is made.
import { useMutation } from "@tanstack/react-query"
import { useState } from "react"
import { Link } from "react-aria-components"
import { api, given } from "../../api/client"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { make } from "./passkey"
import { Refused } from "./Refused"

// A link code counts once; whoever closes the window of the passkey may try again with what it gave.
const redeemed = new Map<string, string>()

async function enrol(code: string, name: string) {
  let enrolment = redeemed.get(code)
  if (enrolment === undefined) {
    enrolment = (await given(api.POST("/api/v1/enrolment", { body: { code } }))).enrolment
    redeemed.set(code, enrolment)
  }
  const params = { header: { "Truc-Enrolment": enrolment } }
  const { ceremony, options } = await given(api.POST("/api/v1/me/passkeys/options", { params }))
  const answer = (await make(options)) as Record<string, never>
  await api.POST("/api/v1/me/passkeys", { params, body: { ceremony, answer, name } })
}

export function Enrolment() {
  const say = useSay()
  const [code, setCode] = useState(() => new URLSearchParams(location.hash.slice(1)).get("code") ?? "")
  const [name, setName] = useState("")
  const [missing, setMissing] = useState(false)
  const made = useMutation({ mutationFn: () => enrol(code.trim(), name.trim()) })
  if (made.isSuccess)
    return (
      <>
        <h1>{say("enrolment.doneTitle")}</h1>
        <p role="status" className="row">
          <Icon name="check" />
          {say("enrolment.done")}
        </p>
        <Link href="/" className="button first large">
          {say("enrolment.toSignIn")}
        </Link>
      </>
    )
  return (
    <>
      <h1>{say("enrolment.title")}</h1>
      <p>{say("enrolment.lead")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const short = code.trim() === "" || name.trim() === ""
          setMissing(short)
          if (!short) made.mutate()
        }}
      >
        <TextField
          label={say("enrolment.code")}
          hint={say("enrolment.codeHint")}
          wrong={missing && code.trim() === "" ? say("field.missing") : undefined}
          value={code}
          onChange={setCode}
          autoComplete="off"
          required
        />
        <TextField
          label={say("enrolment.name")}
          hint={say("enrolment.nameHint")}
          wrong={missing && name.trim() === "" ? say("field.missing") : undefined}
          value={name}
          onChange={setName}
          autoComplete="off"
          maxLength={100}
          required
        />
        <Refused error={made.error} />
        <Button type="submit" look="first large" icon="key" isPending={made.isPending}>
          {say("enrolment.make")}
        </Button>
      </form>
      <Link href="/">{say("enrolment.back")}</Link>
    </>
  )
}
