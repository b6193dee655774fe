// What a browser loads before the first screen, compressed: the page, its scripts and styles with what they import, and
// the Vietnamese messages, which have a limit; then the fonts, which show the text anew when they come.
import { readFileSync, statSync, existsSync } from "node:fs"
import { join } from "node:path"

const LIMIT = 145_000
const directory = process.argv[2] ?? new URL("../../build/web", import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(directory, "manifest.json"), "utf-8"))
const size = (file) => {
  const packed = join(directory, `${file}.br`)
  return statSync(existsSync(packed) ? packed : join(directory, file)).size
}

const files = new Set(["index.html"])
const take = (key) => {
  const chunk = manifest[key]
  if (!chunk || files.has(chunk.file)) return
  files.add(chunk.file)
  for (const style of chunk.css ?? []) files.add(style)
  for (const one of chunk.imports ?? []) take(one)
}
take("index.html")
take("messages/vi.json")
take("src/identity/sign-in/SignIn.tsx")
// Body text and headings in Vietnamese: two weights, each with the Vietnamese and the Latin letters.
let sum = 0
const count = (file) => {
  sum += size(file)
  console.log(`${String(size(file)).padStart(8)}  ${file}`)
}
for (const file of files) count(file)
const code = sum
const fonts = Object.values(manifest).flatMap((chunk) => chunk.assets ?? []).filter((file) => /\.woff2$/.test(file))
for (const font of new Set(fonts)) if (/-(vietnamese|latin)-(400|600)-normal/.test(font)) count(font)
console.log(`${String(code).padStart(8)}  before the first screen, of at most ${LIMIT}; ${sum} with fonts`)
if (code > LIMIT) process.exit(1)
