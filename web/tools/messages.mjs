// Checks the catalogue: both languages have the same keys, each with a note; every text is ICU MessageFormat with the
// same values in both, plurals that its language needs, and every key is used somewhere, on a screen or on a paper of the server.
import { parse, TYPE } from "@formatjs/icu-messageformat-parser"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const web = new URL("..", import.meta.url).pathname
const read = (name) => JSON.parse(readFileSync(join(web, "messages", name), "utf-8"))
const vi = read("vi.json")
const en = read("en.json")
const faults = []

function valuesIn(elements, found = new Set(), plurals = []) {
  for (const element of elements) {
    if (element.type !== TYPE.literal && element.type !== TYPE.pound) found.add(element.value)
    if (element.type === TYPE.plural) plurals.push(Object.keys(element.options))
    for (const option of Object.values(element.options ?? {})) valuesIn(option.value, found, plurals)
  }
  return { names: [...found].sort().join(), plurals }
}

function parsed(key, text, language) {
  try {
    return valuesIn(parse(text))
  } catch (error) {
    faults.push(`${language} ${key}: ${error.message}`)
    return { names: "", plurals: [] }
  }
}

for (const key of new Set([...Object.keys(vi), ...Object.keys(en)])) {
  if (!vi[key]?.text || !en[key]) {
    faults.push(`${key}: missing in ${vi[key]?.text ? "en" : "vi"}.json`)
    continue
  }
  if (!vi[key].note) faults.push(`${key}: has no note`)
  if (vi[key].text !== vi[key].text.normalize("NFC")) faults.push(`${key}: is not NFC`)
  const source = parsed(key, vi[key].text, "vi")
  const target = parsed(key, en[key], "en")
  if (source.names !== target.names) faults.push(`${key}: {${source.names}} in vi, {${target.names}} in en`)
  for (const options of target.plurals) if (!options.includes("one")) faults.push(`en ${key}: a plural without "one"`)
  for (const options of source.plurals) if (options.includes("one")) faults.push(`vi ${key}: Vietnamese has no "one"`)
}

const sources = readdirSync(join(web, "src"), { recursive: true })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name))
  .map((name) => readFileSync(join(web, "src", name), "utf-8"))
  .join("\n")
const papers = ["insight", "trust"].flatMap((module) => {
  const home = join(web, "../src", module)
  return readdirSync(home, { recursive: true }).filter((name) => /\.cc$/.test(name)).map((name) => readFileSync(join(home, name), "utf-8"))
})
const printed = papers.flatMap((text) => [...text.matchAll(/\bsaid\(\s*"([\w.]+)"/g)].map((found) => found[1]))
const written = new Set([...printed, ...[...sources.matchAll(/"([a-z][\w]*(?:\.\w+)+)"/gi)].map((found) => found[1])])
const prefixes = [...sources.matchAll(/`([a-z][\w]*(?:\.\w+)*\.)\$\{/gi)].map((found) => found[1])
for (const key of Object.keys(vi)) {
  const begun = prefixes.some((prefix) => key.startsWith(prefix) && !key.slice(prefix.length).includes("."))
  if (!written.has(key) && !begun) faults.push(`${key}: nothing says it`)
}

for (const fault of faults) console.error(fault)
console.log(`${Object.keys(vi).length} messages, ${faults.length} faults`)
process.exit(faults.length > 0 ? 1 : 0)
