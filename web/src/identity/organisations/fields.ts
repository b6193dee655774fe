// What can be changed of an organisation: as it is typed, what of it is sent, and what to do when somebody else was
// faster.
import { api, type Schemas } from "../../api/client"
import { startOfDay } from "../../language/dates"
import { dayOf } from "./steps"

type Organisation = Schemas["Organisation"]

export const FIELDS = ["name", "parent", "old_code", "mail", "effective_from", "effective_to", "successor"] as const
export type Field = (typeof FIELDS)[number]
export type Typed = Record<Field, string>

const isDay = (field: Field) => field === "effective_from" || field === "effective_to"

export function typedOf(one: Partial<Organisation>): Typed {
  const text = (field: Field) => {
    const value = one[field]
    return value === undefined ? "" : isDay(field) ? dayOf(value) : value
  }
  return Object.fromEntries(FIELDS.map((field) => [field, text(field)])) as Typed
}

/** What differs from what it was, and the name, which is always said. What is not there stays as it is. */
export function bodyOf(typed: Typed, before: Typed): Schemas["OrganisationChange"] {
  const changed = FIELDS.filter((field) => field !== "name" && typed[field].trim() !== before[field] && typed[field].trim() !== "")
  const value = (field: Field) => (isDay(field) ? startOfDay(typed[field]) : typed[field].trim())
  return { name: typed.name.trim(), ...Object.fromEntries(changed.map((field) => [field, value(field)])) }
}

/** Takes over what others changed and the reader did not; what both changed stays as typed and is named. */
export function merged(typed: Typed, before: Typed, theirs: Typed): { typed: Typed; clashes: Field[] } {
  const own = (field: Field) => typed[field].trim() !== before[field]
  return {
    typed: Object.fromEntries(FIELDS.map((field) => [field, own(field) ? typed[field] : theirs[field]])) as Typed,
    clashes: FIELDS.filter((field) => own(field) && theirs[field] !== before[field] && theirs[field] !== typed[field].trim()),
  }
}

/** One as it is now, and the ETag that a change of it has to name. */
export interface Read {
  organisation: Organisation
  etag: string
}

export async function read(code: string): Promise<Read> {
  const { data, response } = await api.GET("/api/v1/organisations/{code}", { params: { path: { code } } })
  return { organisation: data as Organisation, etag: response.headers.get("ETag") ?? "" }
}
