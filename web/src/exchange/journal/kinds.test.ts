import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { expect, it } from "vitest"
import vietnamese from "../../../messages/vi.json"
import { KINDS, MEMBERS } from "./kinds"

const page = readFileSync(resolve(import.meta.dirname, "../../../../docs/formats/journal.md"), "utf-8")
const rows = page
  .split(/^\| Kind \|.*$/m)[1]
  ?.split("\n\n")[0]
  ?.split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split(" | "))
const names = (text = "") => [...text.matchAll(/`(\w+)`/g)].map((found) => found[1] ?? "")

it("has words for every kind that the server's list has, and for no other", () => {
  expect(rows?.length).toBeGreaterThan(30)
  expect(Object.keys(KINDS).sort()).toEqual(rows?.flatMap(([kinds]) => names(kinds)).sort())
  for (const kind of Object.keys(KINDS)) expect(vietnamese).toHaveProperty([`journal.kind.${kind}`])
})

it("has a label for every member that the list names", () => {
  // Values of members stand between code marks too.
  const words = Object.values(MEMBERS).flatMap((form) => ("words" in form ? Object.keys(form.words) : []))
  const others = new Set([...words, ...Object.keys(KINDS), "exchange", "null", "for"])
  expect(rows?.flatMap(([, , body]) => names(body)).filter((name) => !(name in MEMBERS) && !others.has(name))).toEqual([])
  for (const member of Object.keys(MEMBERS)) expect(vietnamese).toHaveProperty([`journal.member.${member}`])
})
