import { useMutation } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { api, given, type Schemas } from "../../api/client"
import { session } from "../../api/session"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Checkbox, TextField } from "../../parts/Field"
import { Refused } from "./Refused"

/** Login and password, then a code of the authenticator app or a recovery code. */
export function PasswordSignIn() {
  const [step, setStep] = useState<Schemas["SecondFactor"]>()
  return step ? <SecondFactor step={step} /> : <FirstFactor onDone={setStep} />
}

function FirstFactor({ onDone }: { onDone: (step: Schemas["SecondFactor"]) => void }) {
  const say = useSay()
  const [login, setLogin] = useState("")
  const [password, setPassword] = useState("")
  const begin = useMutation({
    mutationFn: () => given(api.POST("/api/v1/session/password", { body: { login, password } })),
    onSuccess: onDone,
  })
  return (
    <form onSubmit={submits(() => begin.mutate())}>
      <TextField label={say("signIn.login")} value={login} onChange={setLogin} autoComplete="username" required />
      <TextField
        label={say("signIn.password")}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        required
      />
      <Refused error={begin.error} />
      <Button type="submit" isPending={begin.isPending}>
        {say("signIn.next")}
      </Button>
    </form>
  )
}

function SecondFactor({ step: { ceremony, totp, recovery_codes } }: { step: Schemas["SecondFactor"] }) {
  const say = useSay()
  const [code, setCode] = useState("")
  const [recovery, setRecovery] = useState(!totp)
  const finish = useMutation({
    mutationFn: () =>
      recovery
        ? given(api.POST("/api/v1/session/recovery-code", { body: { ceremony, code } }))
        : given(api.POST("/api/v1/session/totp", { body: { ceremony, code } })),
    onSuccess: (own) => session.opened(own),
  })
  return (
    <form onSubmit={submits(() => finish.mutate())}>
      <TextField
        label={recovery ? say("signIn.recoveryCode") : say("signIn.code")}
        hint={recovery ? say("signIn.recoveryHint") : say("signIn.codeHint")}
        value={code}
        onChange={setCode}
        autoComplete="one-time-code"
        inputMode={recovery ? "text" : "numeric"}
        fieldRef={(field) => field?.focus()}
        required
      />
      {totp && recovery_codes && (
        <Checkbox isSelected={recovery} onChange={setRecovery}>
          {say("signIn.useRecovery")}
        </Checkbox>
      )}
      <Refused error={finish.error} />
      <Button type="submit" look="first" isPending={finish.isPending}>
        {say("signIn.finish")}
      </Button>
    </form>
  )
}

const submits = (work: () => void) => (event: FormEvent) => {
  event.preventDefault()
  work()
}
