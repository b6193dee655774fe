// The report about a file (docs/formats/signature-report.md, docs/formats/evidence.md), read with care: whoever made the
// file has a say in what stands in it.
import type { Schemas } from "../../api/client"

export type Words = Schemas["VerifyWords"]
const VERDICTS = ["valid", "undetermined", "invalid"] as const
const CAPACITIES = ["organisation", "person", "unknown"] as const

export interface Finding {
  file: string // "" for the file itself
  field: string
  profile: string
  verdict: (typeof VERDICTS)[number]
  /** Why it is not valid, and what to do. */
  text?: Words
  capacity: (typeof CAPACITIES)[number]
  signer: string
  organisation: string
  issuer: string
  /** The last certificate of its chain. */
  root: string
  demonstration: boolean
  provenAt?: string
  claimedAt?: string
  /** Whether the content was changed since; later: things were added, which `later` names. */
  changed: "no" | "yes" | "later" | "part" | "unknown"
  later: Words[]
  covers: string[]
  /** Whether nobody knew if it was revoked: this server asks no authority for a stranger's file. */
  revocationUnknown: boolean
}

/** What a bundle of evidence was asked, one after the other. */
export interface Step {
  verdict: (typeof VERDICTS)[number]
  text: Words
}

export interface Findings {
  findings: Finding[]
  steps: Step[]
  evidences: number
  judgedAt?: string
  remarks: Words[]
}

type Bag = Record<string, unknown>
const bag = (value: unknown): Bag => (typeof value === "object" && value !== null ? (value as Bag) : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const word = (value: unknown) => (typeof value === "string" ? value : "")
const time = (value: unknown) => (Number.isNaN(Date.parse(word(value))) ? undefined : word(value))
const words = (value: unknown): Words => ({ vi: word(bag(value).vi), en: word(bag(value).en) })
const verdictOf = (value: unknown) => VERDICTS.find((one) => one === value) ?? "undetermined"

export function findingsIn(report: Schemas["VerifyReport"]): Findings {
  const bundle = bag(report.bundle)
  const inside = bag(report.attachments ?? bundle.document)
  const whole = report.bundle === undefined ? bag(report.file) : bag(bundle.container)
  const of = (file: string, judged: unknown) => list(bag(judged).signatures).map((one) => finding(file, bag(one)))
  const judgedAt = time(whole.judged_at)
  return {
    findings: [
      ...of("", whole),
      ...list(inside.attachments).flatMap((one) => of(word(bag(one).name), one)),
      ...(inside.envelope === undefined || report.bundle === undefined ? [] : of("", inside.envelope)),
    ],
    steps: list(bundle.steps).map((one) => ({ verdict: verdictOf(bag(one).outcome), text: words(one) })),
    evidences: list(bundle.evidences).length,
    remarks: list(whole.remarks).map(words),
    ...(judgedAt ? { judgedAt } : {}),
  }
}

function finding(file: string, found: Bag): Finding {
  const chain = list(found.chain).map(bag)
  const signer = chain[0] ?? {}
  const root = chain.at(-1) ?? {}
  const text = words(found.text)
  const provenAt = time(found.proven_at)
  const claimedAt = time(found.claimed_at)
  const later = list(found.later_changes).map(words)
  const covers = list(found.covers).map(word).filter(Boolean)
  const why = word(found.sub_indication)
  return {
    file,
    field: word(found.where),
    profile: word(found.profile),
    verdict: verdictOf(found.verdict),
    ...(text.vi !== "" ? { text } : {}),
    capacity: CAPACITIES.find((one) => one === found.capacity) ?? "unknown",
    signer: word(signer.name) || word(signer.subject),
    organisation: word(signer.organisation),
    issuer: word(chain[1]?.name) || word(signer.issuer),
    root: chain.length > 1 ? word(root.name) || word(root.subject) : "",
    demonstration: chain.some((one) => one.demonstration === true),
    ...(provenAt ? { provenAt } : {}),
    ...(claimedAt ? { claimedAt } : {}),
    changed: changedOf(why, later.length > 0, found.covers_whole === true, covers.length > 0),
    later,
    covers,
    revocationUnknown: why === "TRY_LATER",
  }
}

// What could not be read, or was not made with this key, says nothing about the content.
const UNKNOWN = new Set(["SIG_CRYPTO_FAILURE", "SIGNED_DATA_NOT_FOUND"])

function changedOf(why: string, later: boolean, whole: boolean, part: boolean): Finding["changed"] {
  if (why === "HASH_FAILURE") return "yes"
  if (UNKNOWN.has(why)) return "unknown"
  if (later) return "later"
  if (why === "FORMAT_FAILURE") return "unknown"
  return whole ? "no" : part ? "part" : "unknown"
}
