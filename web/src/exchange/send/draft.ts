// What is about to be sent: kept in this browser with every key stroke until it is sent, for the person who types, so
// that neither a reload nor the end of a session loses it. The file itself stays where it is; after a reload it is
// chosen again, and the upload goes on where it stood.
import { useSyncExternalStore } from "react"
import { session } from "../../api/session"

export const FIELDS = [
  "code_number",
  "code_notation",
  "place",
  "promulgation_date",
  "due_date",
  "type_name",
  "subject",
  "signer_position",
  "signer_name",
] as const
export type FieldName = (typeof FIELDS)[number]

export interface Recipient {
  code: string
  name: string
}

export interface Draft {
  from: string
  fields: Record<FieldName, string>
  urgency: "0" | "1" | "2" | "3"
  to: Recipient[]
  /** What was chosen; `upload` is its id at the exchange, once it has begun. */
  file?: { name: string; size: number; modified: number; upload: string }
  /** Of the request that hands it in: the same body is never handed in twice. */
  once?: { body: string; key: string }
}

const PREFIX = "truc.send."
const empty = (): Draft => ({
  from: "",
  fields: { ...(Object.fromEntries(FIELDS.map((name) => [name, ""])) as Record<FieldName, string>), type_name: "Công văn" },
  urgency: "0",
  to: [],
})

let owner: number | undefined
let now = empty()
let chosen: File | undefined
const listeners = new Set<() => void>()

function read(person: number | undefined): Draft {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + person) ?? "{}") as Partial<Draft>
    const blank = empty()
    return { ...blank, ...kept, fields: { ...blank.fields, ...kept.fields } }
  } catch {
    return empty() // somebody else wrote there
  }
}

function current(): Draft {
  const { person } = session.now()
  if (person !== undefined && person !== owner) {
    owner = person
    chosen = undefined
    now = read(person)
  }
  return now
}

export const draft = {
  now: current,
  /** The file in this page; none after a reload. */
  file: () => chosen,

  change(changed: Partial<Draft>) {
    now = { ...current(), ...changed }
    localStorage.setItem(PREFIX + owner, JSON.stringify(now))
    for (const heard of listeners) heard()
  },

  /** Whether it is the one that was chosen before a reload; then its upload goes on. */
  choose(file: File) {
    const before = current().file
    const same = before?.name === file.name && before.size === file.size && before.modified === file.lastModified
    chosen = file
    draft.change({ file: { name: file.name, size: file.size, modified: file.lastModified, upload: same ? before.upload : "" } })
  },

  /** It was sent, or is given up. */
  clear() {
    current()
    chosen = undefined
    now = empty()
    localStorage.removeItem(PREFIX + owner)
    for (const heard of listeners) heard()
  },
}

export function useDraft(): Draft {
  return useSyncExternalStore((heard) => {
    listeners.add(heard)
    return () => listeners.delete(heard)
  }, current)
}

export const isEdxml = (name: string) => /\.(edxml|xml)$/i.test(name)
