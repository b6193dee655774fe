import { useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Loaded } from "../../parts/States"
import { Page } from "../../shell/Page"
import { useMe } from "../me"
import { PERMISSION_WORDS } from "../permissions"
import { Credentials } from "./Credentials"
import { Delegations } from "./Delegations"
import { Posts } from "./Posts"
import { Sessions } from "./Sessions"

/** Whoever is signed in: what they may do, how they sign in, where they are signed in, and what was handed on. */
export function ProfilePage() {
  const say = useSay()
  return (
    <Page title={say("profile.title")} lead={say("profile.lead")}>
      <Posts />
      <Delegations />
      <Rights />
      <Credentials />
      <Sessions />
    </Page>
  )
}

function Rights() {
  const say = useSay()
  const me = useMe()
  return (
    <section className="card" aria-labelledby="rights">
      <h2 id="rights">{say("profile.rights")}</h2>
      <Loaded query={me}>
        {({ id, grants }) => (
          <>
            <p className="faint">{say("profile.known", { id })}</p>
            <ul className="lines">
              {grants.map((grant) => {
                const where = [...grant.organisations, ...(grant.everywhere ? [say("profile.everywhere")] : []), ...(grant.platform ? [say("profile.platform")] : [])]
                return (
                  <li key={JSON.stringify(grant)}>
                    <b>{where.join(", ")}</b>
                    {grant.delegated && (
                      <Badge tone="told" icon="person">
                        {say("profile.delegated")}
                      </Badge>
                    )}
                    <span className="grows">{grant.permissions.map((one) => say(PERMISSION_WORDS[one])).join("; ")}</span>
                  </li>
                )
              })}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  )
}
