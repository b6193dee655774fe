import { webcrypto } from "node:crypto"
import { beforeEach, expect, test, vi } from "vitest"
import { entriesOf, look, type Look, proven, remember, remembered } from "./look"
import { base64Of, type Key, keyIn } from "./note"
import { type Read, TILE_WIDTH, tilePath, tileWidth, entriesPath } from "./tiles"
import { leafHash, rootOf } from "./tree"
import { sha256 } from "@noble/hashes/sha2.js"

vi.stubGlobal("isSecureContext", true)
vi.stubGlobal("crypto", webcrypto)
beforeEach(() => localStorage.clear())

const utf8 = (text: string) => new TextEncoder().encode(text)
const entryOf = (number: number) => Uint8Array.from([...utf8("truc-evidence/v1\n"), ...sha256(utf8(`evidence ${number}`))])

/** Somebody who signs notes: as a log (1) or as a witness (4). */
async function signer(name: string, algorithm: 1 | 4) {
  const pair = (await webcrypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as webcrypto.CryptoKeyPair
  const raw = new Uint8Array(await webcrypto.subtle.exportKey("raw", pair.publicKey))
  const id = sha256(Uint8Array.from([...utf8(`${name}\n`), algorithm, ...raw])).subarray(0, 4)
  const text = `${name}+${Buffer.from(id).toString("hex")}+${base64Of(Uint8Array.from([algorithm, ...raw]))}`
  const key = keyIn(text) as Key
  const line = async (note: string) => {
    const time = [0, 0, 0, 0, 0x69, 0x22, 0x33, 0x44]
    const message = algorithm === 4 ? `cosignature/v1\ntime ${0x69223344}\n${note}` : note
    const made = new Uint8Array(await webcrypto.subtle.sign("Ed25519", pair.privateKey, utf8(message)))
    return `— ${name} ${base64Of(Uint8Array.from([...id, ...(algorithm === 4 ? time : []), ...made]))}\n`
  }
  return { key, line }
}
const log = await signer("thu.truc", 1)
const witness = await signer("kiemtoan.gov.vn", 4)

/** A log of `size` entries, of which `entry` gives each. */
async function logOf(size: number, entry = entryOf, by = log): Promise<Read> {
  const entries = Array.from({ length: size }, (_, i) => entry(i))
  const leaves = entries.map(leafHash)
  const text = `thu.truc\n${size}\n${base64Of(rootOf(leaves))}\n`
  const files = new Map<string, Uint8Array>([
    ["checkpoint", utf8(`${text}\n${await by.line(text)}`)],
    ["checkpoint.witnessed", utf8(`${text}\n${await by.line(text)}${await witness.line(text)}`)],
  ])
  for (let level = 0; level < 2; level++)
    for (let number = 0; tileWidth(level, number, size) > 0; number++) {
      const span = TILE_WIDTH ** level
      const width = tileWidth(level, number, size)
      const hashes = Array.from({ length: width }, (_, i) => rootOf(leaves, (number * TILE_WIDTH + i) * span, (number * TILE_WIDTH + i + 1) * span))
      files.set(tilePath(level, number, width), Uint8Array.from(hashes.flatMap((one) => [...one])))
      if (level === 0) files.set(entriesPath(number, width), Uint8Array.from(entries.slice(number * TILE_WIDTH, number * TILE_WIDTH + width).flatMap((one) => [0, one.length, ...one])))
    }
  return (path) => Promise.resolve(files.get(path))
}
const seenAfter = (found: Look) => {
  remember(found)
  return remembered("thu.truc")
}

test("a sound log: signed, whole, cosigned, and going on from what was seen", async () => {
  const first = await look(log.key, [witness.key], undefined, await logOf(300))
  expect(first).toMatchObject({ signature: "good", tiles: "good", cosigned: [{ name: "kiemtoan.gov.vn", said: { outcome: "good", at: new Date(0x69223344 * 1000) }, size: 300 }] })
  expect(first.before).toBeUndefined()
  const seen = seenAfter(first)
  expect(await look(log.key, [], seen, await logOf(300))).toMatchObject({ before: { size: 300, outcome: "good" } })
  expect(await look(log.key, [], seen, await logOf(700))).toMatchObject({ before: { size: 300, outcome: "good" }, tiles: "good" })
})

test("a log that was rewritten, rolled back, damaged or signed by another is told", async () => {
  const seen = seenAfter(await look(log.key, [], undefined, await logOf(300)))
  const rewritten = await look(log.key, [], seen, await logOf(700, (number) => entryOf(number === 17 ? 999 : number)))
  expect(rewritten).toMatchObject({ signature: "good", tiles: "good", before: { outcome: "wrong" } })
  expect(seenAfter(rewritten)).toEqual(seen)
  expect(await look(log.key, [], seen, await logOf(200))).toMatchObject({ before: { outcome: "wrong" } })
  const other = await signer("thu.truc", 1)
  expect(await look(log.key, [], undefined, await logOf(3, entryOf, other))).toMatchObject({ signature: "wrong" })
  const whole = await logOf(300)
  const damaged: Read = async (path) => {
    const bytes = await whole(path)
    return path === "tile/0/000" ? bytes?.map((byte, at) => (at === 99 ? byte ^ 1 : byte)) : bytes
  }
  // Level 1 has the root of that tile: the damage shows where the tile itself is used.
  expect((await proven({ origin: "thu.truc", size: 300, root: rootOf(Array.from({ length: 300 }, (_, i) => leafHash(entryOf(i)))) }, 5, undefined, damaged)).outcome).toBe("wrong")
  expect(await look(undefined, [], undefined, whole)).toMatchObject({ signature: "unknown" })
  await expect(look(log.key, [], undefined, () => Promise.resolve(undefined))).rejects.toThrow("checkpoint")
})

test("an entry is proven to be in it, and to be that of an evidence", async () => {
  const read = await logOf(300)
  const { head } = await look(log.key, [], undefined, read)
  const hash = sha256(utf8("evidence 260"))
  expect(await proven(head, 260, hash, read)).toMatchObject({ outcome: "good", entry: { index: 260, evidence: hash } })
  expect((await proven(head, 261, hash, read)).outcome).toBe("wrong")
  expect((await proven({ ...head, root: hash }, 260, hash, read)).outcome).toBe("wrong")
  const entries = await entriesOf(head, 1, read)
  expect(entries.map(({ index }) => index)).toEqual(Array.from({ length: 44 }, (_, i) => 299 - i))
})
