// Codes and numbers as people read them.
import { query } from "../../api/client"
import { useSession } from "../../api/session"
import { useSay } from "../../language/language"
import { useMay } from "../me"
import { nameOf } from "../people/all"

/** In addresses: the platform instead of an organisation. */
export const PLATFORM = "platform"

/** The name of an organisation, or its code until it is known. */
export function useOrganisationName(code: string): string {
  const say = useSay()
  const { data } = query.useQuery(
    "get",
    "/api/v1/organisations/{code}",
    { params: { path: { code } } },
    { staleTime: 60_000, enabled: code !== "" && code !== PLATFORM },
  )
  return code === PLATFORM ? say("administration.platform") : data?.name || code
}

/** Of "person:3" as the journal has it: the name, where the reader may see it. */
export function usePersonName(id: string): string {
  const say = useSay()
  const { person: own } = useSession()
  const may = useMay()
  const person = Number(/^person:(\d+)$/.exec(id)?.[1] ?? 0)
  const ask = person > 0 && person !== own && may("people.manage")
  const { data } = query.useQuery("get", "/api/v1/people/{person}", { params: { path: { person } } }, { staleTime: 60_000, enabled: ask })
  if (person > 0 && person === own) return say("administration.you")
  return data ? nameOf(data) : person > 0 ? say("administration.person", { number: person }) : id
}

/** The path of a page; codes may have signs that addresses read otherwise. */
export const organisationHref = (code: string) => `/organisations/${encodeURIComponent(code)}`
