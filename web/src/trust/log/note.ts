// Signed notes (c2sp.org/signed-note) and the heads in them (c2sp.org/tlog-checkpoint), checked by WebCrypto.
import { sha256 } from "@noble/hashes/sha2.js"

const PLAIN = 1
const COSIGNATURE = 4
const TIME_BYTES = 8

export interface Signature {
  name: string
  id: string // 8 hexadecimal digits
  bytes: Uint8Array
}

export interface Note {
  text: string // with its last line end
  signatures: Signature[]
}

export interface Head {
  origin: string
  size: number
  root: Uint8Array
}

export interface Key {
  name: string
  id: string
  algorithm: number
  key: Uint8Array
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")
export const base64Of = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))

/** Nothing for what is no note. */
export function noteIn(written: string): Note | undefined {
  const end = written.lastIndexOf("\n\n")
  if (end < 0) return undefined
  const signatures: Signature[] = []
  for (const line of written.slice(end + 2).split("\n")) {
    if (line === "") continue
    const [, name, value] = /^— (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) return undefined
    const bytes = bytesOf(value)
    signatures.push({ name, id: hex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) })
  }
  return { text: written.slice(0, end + 1), signatures }
}

export function headIn({ text }: Note): Head | undefined {
  const [origin = "", size = "", root = ""] = text.split("\n")
  if (origin === "" || !/^(0|[1-9]\d{0,15})$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root) || !Number.isSafeInteger(Number(size))) return undefined
  return { origin, size: Number(size), root: bytesOf(root) }
}

/** "name+id+base64"; nothing for what is no key, or whose id is not its own. */
export function keyIn(text: string): Key | undefined {
  const [, name, id, value] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text) ?? []
  if (name === undefined || id === undefined || value === undefined) return undefined
  const [algorithm = 0, ...key] = bytesOf(value)
  const named = new TextEncoder().encode(`${name}\n`)
  const own = hex(sha256(Uint8Array.from([...named, algorithm, ...key])).subarray(0, 4))
  return key.length === 32 && own === id ? { name, id, algorithm, key: Uint8Array.from(key) } : undefined
}

/** What a key says of a note. unknown: this browser cannot check it. */
export type Said = { outcome: "good" | "wrong" | "none" | "unknown"; at?: Date }

export async function saidBy(key: Key, note: Note): Promise<Said> {
  const own = note.signatures.find(({ name, id }) => name === key.name && id === key.id)
  if (!own) return { outcome: "none" }
  let message = note.text
  let signature = own.bytes
  let at: Date | undefined
  if (key.algorithm === COSIGNATURE) {
    const seconds = Number(own.bytes.subarray(0, TIME_BYTES).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n))
    at = new Date(seconds * 1000)
    message = `cosignature/v1\ntime ${seconds}\n${note.text}`
    signature = own.bytes.subarray(TIME_BYTES)
  } else if (key.algorithm !== PLAIN) return { outcome: "unknown" }
  const outcome = await checked(key.key, signature, new TextEncoder().encode(message))
  return at ? { outcome, at } : { outcome }
}

async function checked(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<Said["outcome"]> {
  // At https and localhost only; Ed25519 in browsers since 2023 to 2025.
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return "unknown"
  try {
    const imported = await crypto.subtle.importKey("raw", Uint8Array.from(key), "Ed25519", false, ["verify"])
    return (await crypto.subtle.verify("Ed25519", imported, Uint8Array.from(signature), Uint8Array.from(message))) ? "good" : "wrong"
  } catch {
    return "unknown"
  }
}
