// Puts a gzip and a Brotli twin beside every built file that becomes smaller by it; the server sends them as they are.
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"

const directory = process.argv[2] ?? new URL("../../build/web", import.meta.url).pathname

for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(html|js|css|json|svg|txt)$/.test(entry.name)) continue
  const path = join(entry.parentPath, entry.name)
  const plain = readFileSync(path)
  const twins = {
    gz: gzipSync(plain, { level: constants.Z_BEST_COMPRESSION, memLevel: 9 }),
    br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }),
  }
  for (const [ending, packed] of Object.entries(twins)) if (packed.length < plain.length * 0.9) writeFileSync(`${path}.${ending}`, packed)
}
