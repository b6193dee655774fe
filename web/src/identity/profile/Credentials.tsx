// How one signs in: passkeys, a password with a second factor, recovery codes.
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { api, given, query, type Schemas } from "../../api/client"
import { dateText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Confirm } from "../../parts/Confirm"
import { Dialog } from "../../parts/Dialog"
import { TextField } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { Icon } from "../../parts/Icon"
import { Once } from "../../parts/Once"
import { Failure, Loaded } from "../../parts/States"
import { tell } from "../../parts/tell"
import { make, offered } from "../sign-in/passkey"
import { Refused } from "../sign-in/Refused"
import { verified } from "../verified"

type Overview = Schemas["CredentialOverview"]

/** A change of one's own credentials: verified, and the page shows what is set up then. */
function useChange<V, T>(work: (value: V) => Promise<T>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (value: V) => verified(() => work(value)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", "/api/v1/me/credentials"] }),
  })
}

export function Credentials() {
  const found = query.useQuery("get", "/api/v1/me/credentials")
  return (
    <Loaded query={found}>
      {(overview) => (
        <>
          <Passkeys passkeys={overview.passkeys} />
          <Password overview={overview} />
          <Recovery left={overview.recovery_codes} />
        </>
      )}
    </Loaded>
  )
}

function Passkeys({ passkeys }: { passkeys: Overview["passkeys"] }) {
  const say = useSay()
  const { language } = useLanguage()
  const [adding, setAdding] = useState(false)
  return (
    <section className="card" aria-labelledby="passkeys">
      <h2 id="passkeys">{say("profile.passkeys")}</h2>
      {passkeys.length === 0 && <p className="faint">{say("profile.noPasskeys")}</p>}
      <ul className="lines">
        {passkeys.map((one) => (
          <li key={one.passkey}>
            <Icon name="key" />
            <span className="grows">
              <b>{one.name}</b> <span className="faint">{say("profile.addedOn", { on: dateText(one.added_at, language) })}</span>
            </span>
            <RemovePasskey passkey={one} last={passkeys.length === 1} />
          </li>
        ))}
      </ul>
      <div>
        <Button icon="key" isDisabled={!offered()} onPress={() => setAdding(true)}>
          {say("profile.addPasskey")}
        </Button>
      </div>
      <Dialog title={say("profile.addPasskey")} open={adding} onClose={() => setAdding(false)}>
        <NewPasskey onDone={() => setAdding(false)} />
      </Dialog>
    </section>
  )
}

function RemovePasskey({ passkey: { passkey, name }, last }: { passkey: Overview["passkeys"][number]; last: boolean }) {
  const say = useSay()
  const work = useChange((_: undefined) => given(api.DELETE("/api/v1/me/passkeys/{passkey}", { params: { path: { passkey } } })))
  return (
    <Confirm
      button={say("profile.remove")}
      name={say("profile.removePasskey", { name })}
      about={last ? say("profile.removeLast") : say("profile.removeAbout")}
      work={work}
    />
  )
}

function NewPasskey({ onDone }: { onDone: () => void }) {
  const say = useSay()
  const [name, setName] = useState("")
  const work = useChange(async (wanted: string) => {
    const { ceremony, options } = await given(api.POST("/api/v1/me/passkeys/options", {}))
    const answer = (await make(options)) as Record<string, never>
    await api.POST("/api/v1/me/passkeys", { body: { ceremony, answer, name: wanted } })
  })
  return (
    <Form
      about={say("profile.addAbout")}
      send={say("enrolment.make")}
      work={{ error: null, isPending: work.isPending }}
      complete={name.trim() !== ""}
      onSend={() => work.mutate(name.trim(), { onSuccess: onDone })}
    >
      {(missing) => (
        <>
          <TextField label={say("enrolment.name")} hint={say("enrolment.nameHint")} value={name} onChange={setName} wrong={missing} maxLength={100} autoComplete="off" required />
          <Refused error={work.error} />
        </>
      )}
    </Form>
  )
}

function Password({ overview: { password, totp } }: { overview: Overview }) {
  const say = useSay()
  const [asked, setAsked] = useState<"password" | "totp">()
  const close = () => setAsked(undefined)
  const remove = useChange((_: undefined) => given(api.DELETE("/api/v1/me/totp", {})))
  return (
    <section className="card" aria-labelledby="password">
      <h2 id="password">{say("profile.password")}</h2>
      <p>{say("profile.passwordAbout")}</p>
      <ul className="lines">
        <li>
          <span className="grows">{say("signIn.password")}</span>
          <Set yes={password} />
          <Button onPress={() => setAsked("password")}>{password ? say("profile.changePassword") : say("profile.setPassword")}</Button>
        </li>
        <li>
          <span className="grows">{say("profile.app")}</span>
          <Set yes={totp} />
          <Button onPress={() => setAsked("totp")}>{totp ? say("profile.changeApp") : say("profile.setApp")}</Button>
          {totp && <Confirm button={say("profile.remove")} name={say("profile.removeApp")} about={say("profile.removeAppAbout")} work={remove} />}
        </li>
      </ul>
      <Dialog title={asked === "totp" ? say("profile.setApp") : say("profile.setPassword")} open={asked !== undefined} onClose={close}>
        {asked === "password" && <NewPassword onDone={close} />}
        {asked === "totp" && <NewApp onDone={close} />}
      </Dialog>
    </section>
  )
}

function Set({ yes }: { yes: boolean }) {
  const say = useSay()
  return (
    <Badge tone={yes ? "good" : "plain"} icon={yes ? "check" : "empty"}>
      {yes ? say("profile.isSet") : say("profile.isNotSet")}
    </Badge>
  )
}

const SHORTEST = 12

function NewPassword({ onDone }: { onDone: () => void }) {
  const say = useSay()
  const [typed, setTyped] = useState("")
  const [again, setAgain] = useState("")
  const work = useChange((password: string) => given(api.PUT("/api/v1/me/password", { body: { password } })))
  const differs = again !== "" && again !== typed ? say("profile.differs") : undefined
  return (
    <Form
      about={say("profile.newPasswordAbout")}
      send={say("profile.setPassword")}
      work={work}
      complete={typed.length >= SHORTEST && typed === again}
      onSend={() =>
        work.mutate(typed, {
          onSuccess: () => {
            tell(say("profile.passwordIsSet"))
            onDone()
          },
        })
      }
    >
      {(missing) => (
        <>
          <TextField
            label={say("profile.newPassword")}
            hint={say("profile.passwordHint")}
            type="password"
            value={typed}
            onChange={setTyped}
            wrong={missing && typed.length < SHORTEST ? say("profile.passwordHint") : undefined}
            autoComplete="new-password"
            maxLength={1024}
            required
          />
          <TextField
            label={say("profile.again")}
            type="password"
            value={again}
            onChange={setAgain}
            wrong={differs ?? (missing && again === "" ? missing : undefined)}
            autoComplete="new-password"
            maxLength={1024}
            required
          />
        </>
      )}
    </Form>
  )
}

/** The secret goes into the app first, and a code of the app shows that it is there. */
function NewApp({ onDone }: { onDone: () => void }) {
  const say = useSay()
  const [code, setCode] = useState("")
  const begin = useChange((_: undefined) => given(api.POST("/api/v1/me/totp/options", {})))
  const finish = useChange((body: Schemas["TotpConfirmation"]) => given(api.PUT("/api/v1/me/totp", { body })))
  if (!begin.data)
    return (
      <div className="more">
        <p>{say("profile.appAbout")}</p>
        {begin.error && <Failure error={begin.error} />}
        <Button look="first" isPending={begin.isPending} onPress={() => begin.mutate(undefined)}>
          {say("signIn.next")}
        </Button>
      </div>
    )
  const { ceremony, secret, uri } = begin.data
  return (
    <Form
      about={say("profile.appSecret")}
      send={say("profile.setApp")}
      work={finish}
      complete={code.trim() !== ""}
      onSend={() => finish.mutate({ ceremony, code: code.trim() }, { onSuccess: onDone })}
    >
      {(missing) => (
        <>
          <code className="secret">{secret}</code>
          <a href={uri}>{say("profile.openApp")}</a>
          <TextField label={say("signIn.code")} hint={say("signIn.codeHint")} value={code} onChange={setCode} wrong={missing} inputMode="numeric" autoComplete="one-time-code" required />
        </>
      )}
    </Form>
  )
}

function Recovery({ left }: { left: number }) {
  const say = useSay()
  const work = useChange((_: undefined) => given(api.POST("/api/v1/me/recovery-codes", {})))
  return (
    <section className="card" aria-labelledby="recovery">
      <h2 id="recovery">{say("profile.recovery")}</h2>
      <p>{say("profile.recoveryLeft", { left })}</p>
      {work.data ? (
        <Once about={say("profile.recoveryOnce")} values={work.data.codes} onKept={work.reset} />
      ) : (
        <div>
          <Confirm button={say("profile.makeCodes")} about={say("profile.makeCodesAbout")} work={work} />
        </div>
      )}
    </section>
  )
}
