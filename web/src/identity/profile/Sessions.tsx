import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, given, query, type Schemas } from "../../api/client"
import { momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Confirm } from "../../parts/Confirm"
import { Loaded } from "../../parts/States"

/** Where one is signed in; what one does not know can be ended. */
export function Sessions() {
  const say = useSay()
  const { language } = useLanguage()
  const all = query.useQuery("get", "/api/v1/me/sessions")
  const own = query.useQuery("get", "/api/v1/session")
  return (
    <section className="card" aria-labelledby="sessions">
      <h2 id="sessions">{say("profile.sessions")}</h2>
      <Loaded query={all}>
        {({ items }) => (
          <ul className="lines">
            {items.map((one) => (
              <li key={one.session}>
                <span className="grows">
                  <b>{browserOf(one.user_agent) || say("profile.unknownBrowser")}</b> <span className="faint">{one.address}</span>
                  <br />
                  <span className="small faint">
                    {say("profile.sessionTimes", { since: momentText(one.created_at, language), seen: momentText(one.seen_at, language) })}
                  </span>
                </span>
                <span>{say(`means.${one.means}`)}</span>
                {own.data?.session === one.session ? (
                  <Badge tone="good" icon="check">
                    {say("profile.thisOne")}
                  </Badge>
                ) : (
                  <EndSession session={one} />
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  )
}

function EndSession({ session: { session, user_agent } }: { session: Schemas["Session"] }) {
  const say = useSay()
  const cache = useQueryClient()
  const work = useMutation({
    mutationFn: (_: undefined) => given(api.DELETE("/api/v1/me/sessions/{session}", { params: { path: { session } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", "/api/v1/me/sessions"] }),
  })
  const browser = browserOf(user_agent) || say("profile.unknownBrowser")
  return <Confirm button={say("profile.end")} name={say("profile.endSession", { browser })} about={say("profile.endAbout")} work={work} />
}

const BROWSERS = [
  ["Edg", "Edge"],
  ["OPR", "Opera"],
  ["Coc_Coc", "Cốc Cốc"],
  ["Firefox", "Firefox"],
  ["Chrome", "Chrome"],
  ["Safari", "Safari"],
] as const
const SYSTEMS = ["Windows", "Android", "iPhone", "iPad", "Macintosh", "Linux"] as const

/** "Chrome, Linux": what a browser says of itself, in short. */
function browserOf(said: string): string {
  const browser = BROWSERS.find(([mark]) => said.includes(mark))?.[1]
  const system = SYSTEMS.find((one) => said.includes(one))
  return [browser, system].filter(Boolean).join(", ")
}
