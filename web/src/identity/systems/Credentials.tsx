import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { api, given, query, type Schemas } from "../../api/client"
import { dateText, momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Confirm } from "../../parts/Confirm"
import { Dialog } from "../../parts/Dialog"
import { Checkbox, TextField } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { Icon } from "../../parts/Icon"
import { Once } from "../../parts/Once"
import { Radios } from "../../parts/Radios"
import { Loaded } from "../../parts/States"
import type { Permission } from "../me"
import { PERMISSION_WORDS, permissionsIn } from "../permissions"
import { verified } from "../verified"

type Credential = Schemas["Credential"]

function useChange<V, T>(work: (value: V) => Promise<T>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (value: V) => verified(() => work(value)),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", "/api/v1/systems/{system}/credentials"] }),
  })
}

/** The keys of a system for the API: given, shown once, revoked. */
export function Credentials({ system }: { system: string }) {
  const say = useSay()
  const found = query.useQuery("get", "/api/v1/systems/{system}/credentials", { params: { path: { system } } })
  const [giving, setGiving] = useState(false)
  const [secret, setSecret] = useState<string>()
  const given = (made: string | undefined) => {
    setSecret(made)
    setGiving(false)
  }
  return (
    <section className="card" aria-labelledby="credentials">
      <h2 id="credentials">{say("systems.credentials")}</h2>
      {secret && <Once about={say("systems.keyOnce")} values={[secret]} onKept={() => setSecret(undefined)} />}
      <Loaded query={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="faint">{say("systems.noCredentials")}</p>
          ) : (
            <ul className="lines">
              {items.map((one) => (
                <Row key={one.credential} system={system} credential={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <div>
        <Button icon="key" onPress={() => setGiving(true)}>
          {say("systems.give")}
        </Button>
      </div>
      <Dialog title={say("systems.give")} open={giving} onClose={() => setGiving(false)}>
        <Give system={system} onDone={given} />
      </Dialog>
    </section>
  )
}

function Row({ system, credential: one }: { system: string; credential: Credential }) {
  const say = useSay()
  const { language } = useLanguage()
  const path = { system, credential: one.credential }
  const work = useChange((_: undefined) => given(api.DELETE("/api/v1/systems/{system}/credentials/{credential}", { params: { path } })))
  const used = one.used_at ? say("systems.used", { at: momentText(one.used_at, language) }) : say("systems.unused")
  const ends = one.good && one.expires_at ? [say("systems.ends", { on: dateText(one.expires_at, language) })] : []
  return (
    <li>
      <span className="grows">
        <b>{one.name}</b> <span className="faint">{[say(`systems.kind.${one.kind}`), dateText(one.added_at, language), used, ...ends].join(", ")}</span>
        <br />
        <span className="small">{permissionsIn(one.permissions).map((name) => say(PERMISSION_WORDS[name])).join("; ")}</span>
      </span>
      <Badge tone={one.good ? "good" : "plain"} icon={one.good ? "check" : "wrong"}>
        {one.good ? say("systems.good") : one.revoked_at ? say("systems.revoked") : say("systems.expired")}
      </Badge>
      {one.good && <Confirm button={say("systems.revoke")} name={say("systems.revokeOne", { name: one.name })} about={say("systems.revokeAbout")} work={work} />}
    </li>
  )
}

// A certificate is bound by its fingerprint with the command line, where the file is.
const KINDS = ["client_secret", "api_key"] as const
const OFFERED = [
  "documents.send",
  "documents.read",
  "documents.recall",
  "deliveries.acknowledge",
  "traces.read",
  "evidence.read",
  "organisations.read",
  "webhooks.manage",
] as const satisfies Permission[]

function Give({ system, onDone }: { system: string; onDone: (secret: string | undefined) => void }) {
  const say = useSay()
  const [kind, setKind] = useState<(typeof KINDS)[number]>("client_secret")
  const [name, setName] = useState("")
  const [permissions, setPermissions] = useState<readonly Permission[]>(OFFERED.slice(0, -1))
  const work = useChange((body: Schemas["NewCredential"]) => given(api.POST("/api/v1/systems/{system}/credentials", { params: { path: { system } }, body })))
  const toggle = (one: Permission, on: boolean) => setPermissions(on ? [...permissions, one] : permissions.filter((other) => other !== one))
  const wanted = { kind, name: name.trim(), permissions: OFFERED.filter((one) => permissions.includes(one)).join(" ") }
  return (
    <Form
      about={say("systems.giveAbout")}
      send={say("systems.give")}
      work={work}
      complete={wanted.name !== "" && permissions.length > 0}
      onSend={() => work.mutate(wanted, { onSuccess: ({ secret }) => onDone(secret) })}
    >
      {(missing) => (
        <>
          <TextField
            label={say("systems.purpose")}
            hint={say("systems.purposeHint")}
            value={name}
            onChange={setName}
            wrong={wanted.name === "" ? missing : undefined}
            maxLength={50}
            autoComplete="off"
            required
          />
          <Radios label={say("systems.kind")} choices={KINDS.map((value) => ({ value, text: say(`systems.kind.${value}`) }))} value={kind} onChange={setKind} />
          <div role="group" aria-label={say("systems.permissions")} className="field">
            <span className="label">{say("systems.permissions")}</span>
            {OFFERED.map((one) => (
              <Checkbox key={one} isSelected={permissions.includes(one)} onChange={(on) => toggle(one, on)}>
                {say(PERMISSION_WORDS[one])}
              </Checkbox>
            ))}
            {permissions.length === 0 && missing && (
              <span className="wrong" role="alert">
                <Icon name="wrong" />
                {missing}
              </span>
            )}
          </div>
        </>
      )}
    </Form>
  )
}
