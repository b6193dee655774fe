// What a browser loads until somebody who signs in sees their duties, compressed: the page, its scripts and styles with
// what they import, the Vietnamese messages and the fonts.
import { readFileSync, statSync, existsSync } from "node:fs"
import { join } from "node:path"

const LIMIT = 200_000
const directory = process.argv[2] ?? new URL("../../build/web", import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf-8"))
const size = (file) => {
  const packed = join(directory, `${file}.br`)
  return statSync(existsSync(packed) ? packed : join(directory, file)).size
}

const files = new Set(["index.html", "favicon.svg"])
const take = (key) => {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`${key} is not in manifest.json`)
  if (files.has(chunk.file)) return
  files.add(chunk.file)
  for (const one of [...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(one)
  for (const one of chunk.imports ?? []) take(one)
}
take("index.html")
take("src/start.tsx")
take("messages/vi.json")
let sum = 0
for (const file of files) {
  sum += size(file)
  console.log(`${String(size(file)).padStart(8)}  ${file}`)
}
console.log(`${String(sum).padStart(8)}  for signing in and the first page, with fonts, of at most ${LIMIT}`)
if (sum > LIMIT) process.exit(1)
