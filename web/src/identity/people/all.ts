// Everybody with a post in an organisation; there are hundreds, not thousands.
import { useQuery } from "@tanstack/react-query"
import { api, cursorOf, given, type Schemas } from "../../api/client"
import { byGivenName, fullName, type PersonName } from "../../language/names"

export type Person = Schemas["Person"]
const named = ({ family_name = "", given_name }: Person): PersonName => ({ family_name, given_name })
export const nameOf = (one: Person) => fullName(named(one))
const PAGE = 200
const PEOPLE = "/api/v1/organisations/{code}/people"

async function all(code: string): Promise<Person[]> {
  const people: Person[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await given(api.GET(PEOPLE, { params: { path: { code }, query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } }))
    people.push(...page.items)
    cursor = cursorOf(page.next)
    if (cursor === undefined) return people.sort((a, b) => byGivenName(named(a), named(b)))
  }
}

export const usePeople = (code: string) => useQuery({ queryKey: ["get", PEOPLE, code], queryFn: () => all(code) })

const plain = (text: string) =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/đ/gi, "d")
    .toLowerCase()

/** Those of whom every word is in name, login or mail, with or without marks. */
export function matching(people: readonly Person[], words: string): Person[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean)
  return people.filter((one) => {
    const text = plain(`${nameOf(one)} ${one.login} ${one.mail ?? ""}`)
    return wanted.every((word) => text.includes(word))
  })
}
