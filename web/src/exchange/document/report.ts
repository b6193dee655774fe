// The report about a document's signatures (docs/formats/signature-report.md), which the API passes on as it was kept:
// read with care, since the one who sent the document has a say in it.
const VERDICTS = ["valid", "undetermined", "invalid"] as const
const CAPACITIES = ["organisation", "person", "unknown"] as const

export interface FoundSignature {
  file: string
  verdict: (typeof VERDICTS)[number]
  capacity: (typeof CAPACITIES)[number]
  signer: string
  issuer: string
  text?: { vi: string; en: string }
  provenAt?: string
  claimedAt?: string
}

type Bag = Record<string, unknown>
const bag = (value: unknown): Bag => (typeof value === "object" && value !== null ? (value as Bag) : {})
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const word = (value: unknown) => (typeof value === "string" ? value : "")
const time = (value: unknown) => (Number.isNaN(Date.parse(word(value))) ? undefined : word(value))

export function signaturesIn(report: unknown): FoundSignature[] {
  return list(bag(report).attachments).flatMap((attachment) =>
    list(bag(attachment).signatures).map((one) => signature(word(bag(attachment).name), bag(one))),
  )
}

function signature(file: string, found: Bag): FoundSignature {
  const signer = bag(list(found.chain)[0])
  const text = bag(found.text)
  const provenAt = time(found.proven_at)
  const claimedAt = time(found.claimed_at)
  return {
    file,
    verdict: VERDICTS.find((one) => one === found.verdict) ?? "undetermined",
    capacity: CAPACITIES.find((one) => one === found.capacity) ?? "unknown",
    signer: word(signer.name) || word(signer.subject),
    issuer: word(signer.issuer),
    ...(word(text.vi) !== "" ? { text: { vi: word(text.vi), en: word(text.en) } } : {}),
    ...(provenAt ? { provenAt } : {}),
    ...(claimedAt ? { claimedAt } : {}),
  }
}
