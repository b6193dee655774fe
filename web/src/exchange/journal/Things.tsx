// Who did it and what it is about, as names. A name leads to where more is to be seen; where there is no such page, to
// all entries about it.
import type { ReactNode } from "react"
import { Link } from "react-aria-components"
import { query } from "../../api/client"
import { useSay } from "../../language/language"
import { useMay, useMe } from "../../identity/me"
import { fullName } from "../../language/names"
import type { JournalSearch } from "../../shell/router"
import { KINDS, isKind, type Thing as Of } from "./kinds"

/** The address of the journal with these filters. */
export function journalHref(search: JournalSearch): string {
  const written = new URLSearchParams(search).toString()
  return written === "" ? "/journal" : `/journal?${written}`
}

/** What the subject of an entry of that kind stands for; by its looks where the kind does not say. */
export function thingOf(kind: string, id: string): Of {
  const known = isKind(kind) ? KINDS[kind] : "word"
  if (known !== "word") return known
  return /^\d\d\.\d\d\.\w{1,4}$/.test(id) ? "system" : "word"
}

export function Thing({ of, id }: { of: Of; id: string }) {
  const say = useSay()
  const may = useMay()
  if (id === "") return <span className="faint">{say("journal.several")}</span>
  const about = (name: ReactNode) => <Link className="thing" href={journalHref({ subject: id })}>{name}</Link>
  switch (of) {
    case "organisation":
      return about(<Organisation code={id} />)
    case "person":
      return about(<Person id={id} />)
    case "post":
      return about(say("journal.thing.post", { id: id.replace("post:", "") }))
    case "document":
    case "delivery": {
      const name = say(`journal.thing.${of}`, { id })
      return may("traces.read") ? <Link className="thing" href={`/trace?find=${id}`}>{name}</Link> : about(name)
    }
    case "system":
      return may("systems.manage") ? <Link className="thing" href={`/systems/${id}`}>{say("systems.one", { id })}</Link> : about(say("systems.one", { id }))
    case "webhook":
      return about(say("journal.thing.webhook", { id }))
    case "digest":
      return about(say("journal.thing.file", { id: id.slice(0, 12) }))
    case "word":
      return about(id)
  }
}

/** "person:12", "system:00.53.W00", "H49", "exchange", "console", or a command on the machine itself. */
export function Who({ actor }: { actor: string }) {
  const say = useSay()
  const [kind, id = ""] = actor.split(/:(.*)/)
  const name = () => {
    if (kind === "person") return <Person id={actor} />
    if (kind === "system") return say("systems.one", { id })
    if (actor === "exchange") return say("journal.who.exchange")
    if (actor === "console" || actor.startsWith("truc ")) return say("journal.who.console")
    return <Organisation code={actor} />
  }
  return <Link className="thing" href={journalHref({ actor })}>{name()}</Link>
}

/** The journal itself has no names of people: those who look after people are told them. */
function Person({ id }: { id: string }) {
  const say = useSay()
  const { data: me } = useMe()
  const number = Number(id.replace("person:", ""))
  const enabled = useMay()("people.manage") && Number.isInteger(number)
  const { data } = query.useQuery("get", "/api/v1/people/{person}", { params: { path: { person: number } } }, { enabled, staleTime: Infinity, retry: false })
  if (data) return say("journal.thing.known", { name: fullName({ ...data, family_name: data.family_name ?? "" }), number })
  return say(me?.id === id ? "journal.thing.me" : "journal.thing.person", { number })
}

function Organisation({ code }: { code: string }) {
  const may = useMay()
  const enabled = may("organisations.read") && /^[A-Z]\d\d(\.\d+)*$/.test(code)
  const { data } = query.useQuery("get", "/api/v1/organisations/{code}", { params: { path: { code } } }, { enabled, staleTime: Infinity, retry: false })
  return data ? `${data.name} (${code})` : code
}
