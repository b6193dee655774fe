// One system: whether it calls, whom it serves, and the keys with which it signs in.
import { getRouteApi } from "@tanstack/react-router"
import { query, type Schemas } from "../../api/client"
import { useSay } from "../../language/language"
import { Once } from "../../parts/Once"
import { Loaded } from "../../parts/States"
import { Page } from "../../shell/Page"
import { Connecting } from "./Connecting"
import { Credentials } from "./Credentials"
import { forgetSecret, useSecret } from "./secrets"
import { Enabled } from "./SystemsPage"

type System = Schemas["System"]
const route = getRouteApi("/systems/$system")
const SHOWN = 50

export function SystemPage() {
  const say = useSay()
  const { system } = route.useParams()
  const found = query.useQuery("get", "/api/v1/systems/{system}", { params: { path: { system } } })
  return (
    <Page key={system} title={say("systems.one", { id: system })}>
      <Loaded query={found}>{(one) => <Found system={one} />}</Loaded>
    </Page>
  )
}

function Found({ system }: { system: System }) {
  const say = useSay()
  const secret = useSecret(system.id)
  const { organisations } = system
  return (
    <>
      <div className="row">
        <Enabled system={system} />
      </div>
      {secret && (
        <section className="card">
          <Once about={say("systems.secretOnce")} values={[secret]} onKept={() => forgetSecret(system.id)} />
        </section>
      )}
      <Connecting system={system.id} />
      <Credentials system={system.id} />
      <section className="card" aria-labelledby="serves">
        <h2 id="serves">{say("systems.organisations", { count: organisations.length })}</h2>
        <p>{organisations.slice(0, SHOWN).join(", ")}</p>
        <p>
          {organisations.length > SHOWN && <span className="faint">{say("systems.andMore", { count: organisations.length - SHOWN })}</span>}
        </p>
      </section>
    </>
  )
}
