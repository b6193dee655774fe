import { expect, test } from "vitest"
import type { Schemas } from "../../api/client"
import { findingsIn } from "./findings"

const words = { vi: "hợp lệ", en: "valid" }
const report = (more: Partial<Schemas["VerifyReport"]>): Schemas["VerifyReport"] =>
  ({ verdict: "valid", text: words, explanation: [], sha256: "00", size: 1, ...more }) as Schemas["VerifyReport"]
const CHAIN = [
  { name: "Nguyễn Văn An", organisation: "Sở Tài chính", issuer: "CN=CA", demonstration: true },
  { name: "Issuing CA" },
  { name: "Root CA" },
]
const changed = (signature: object) => findingsIn(report({ file: { signatures: [signature] } })).findings[0]?.changed

test("who signed, in what capacity, when, and up to which anchor", () => {
  const signature = { verdict: "valid", capacity: "person", proven_at: "2026-11-22T21:33:23Z", covers_whole: true, chain: CHAIN }
  const { findings, judgedAt } = findingsIn(report({ file: { judged_at: "2026-11-22T21:40:00Z", signatures: [signature] } }))
  expect(findings).toMatchObject([
    { signer: "Nguyễn Văn An", organisation: "Sở Tài chính", capacity: "person", issuer: "Issuing CA", root: "Root CA", demonstration: true, changed: "no" },
  ])
  expect(findings[0]?.provenAt).toBe("2026-11-22T21:33:23Z")
  expect(judgedAt).toBe("2026-11-22T21:40:00Z")
})

test("whether the content was changed since is not guessed", () => {
  expect(changed({ covers_whole: true })).toBe("no")
  expect(changed({ covers_whole: true, sub_indication: "HASH_FAILURE" })).toBe("yes")
  expect(changed({ covers_whole: true, sub_indication: "SIG_CRYPTO_FAILURE" })).toBe("unknown")
  expect(changed({ covers_whole: true, sub_indication: "FORMAT_FAILURE" })).toBe("unknown")
  expect(changed({ later_changes: [{ vi: "thêm", en: "added" }] })).toBe("later")
  expect(changed({ covers: ["noi-dung"] })).toBe("part")
  expect(changed({})).toBe("unknown")
})

test("signatures in attachments and of a bundle, with its steps", () => {
  const inside = { attachments: [{ name: "a.pdf", signatures: [{ verdict: "invalid" }] }] }
  expect(findingsIn(report({ file: {}, attachments: inside })).findings).toMatchObject([{ file: "a.pdf", verdict: "invalid" }])
  const bundle = { steps: [{ outcome: "undetermined", vi: "thiếu", en: "missing" }], evidences: [{}, {}], container: { signatures: [{}] }, document: inside }
  const found = findingsIn(report({ bundle }))
  expect(found.findings.map(({ file }) => file)).toEqual(["", "a.pdf"])
  expect(found.steps).toEqual([{ verdict: "undetermined", text: { vi: "thiếu", en: "missing" } }])
  expect(found.evidences).toBe(2)
})

test("nonsense in a report breaks nothing", () => {
  for (const file of [null, 7, "x", { signatures: 3 }, { signatures: [null, { chain: "x", verdict: 1, later_changes: {} }] }])
    expect(findingsIn(report({ file })).findings.every(({ verdict }) => verdict === "undetermined")).toBe(true)
})
