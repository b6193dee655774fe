// Signing in: by passkey first; by password and a second factor; at a provider where one is configured. Used on a page
// of its own and in the dialog at the end of a session.
import { useMutation, useQuery } from "@tanstack/react-query"
import { lazy, Suspense, useState } from "react"
import { api, given } from "../../api/client"
import { session } from "../../api/session"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Waiting } from "../../parts/States"
import { offered, show } from "./passkey"
import { Refused } from "./Refused"

async function byPasskey() {
  const { ceremony, options } = await given(api.POST("/api/v1/session/passkey/options", { body: {} }))
  const answer = (await show(options)) as Record<string, never>
  session.opened(await given(api.POST("/api/v1/session/passkey", { body: { ceremony, answer } })))
}

const PasswordSignIn = lazy(async () => ({ default: (await import("./PasswordSignIn")).PasswordSignIn }))

export function SignIn() {
  const say = useSay()
  const [byPassword, setByPassword] = useState(false)
  const passkey = useMutation({ mutationFn: byPasskey })
  return (
    <div className="more">
      <Button
        look="first large"
        icon="key"
        isDisabled={!offered()}
        isPending={passkey.isPending}
        onPress={() => passkey.mutate()}
      >
        {say("signIn.passkey")}
      </Button>
      {!offered() && <p className="small faint">{say("signIn.noPasskeys")}</p>}
      <Refused error={passkey.error} />
      <details onToggle={() => setByPassword(true)}>
        <summary>{say("signIn.byPassword")}</summary>
        {byPassword && (
          <Suspense fallback={<Waiting />}>
            <PasswordSignIn />
          </Suspense>
        )}
      </details>
      <Provider />
    </div>
  )
}

// Whether the server has a provider, found without beginning a ceremony: this call without any says which refusal.
const NOT_OFFERED = "identity.oidc_not_offered"
async function providerThere(): Promise<boolean> {
  const answer = await fetch("/api/v1/session/oidc/callback", { redirect: "manual", credentials: "omit" })
  const { reason } = (await answer.json()) as { reason?: unknown }
  return typeof reason === "string" && reason !== NOT_OFFERED
}

/** Nothing where none is configured. */
function Provider() {
  const say = useSay()
  const { data } = useQuery({ queryKey: ["provider"], queryFn: providerThere, staleTime: Infinity, retry: false })
  if (!data) return null
  return (
    <details>
      <summary>{say("signIn.byProvider")}</summary>
      <Button look="large" onPress={() => location.assign("/api/v1/session/oidc")}>
        {say("signIn.toProvider")}
      </Button>
    </details>
  )
}
