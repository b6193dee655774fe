// The fingerprint of a file: its SHA-256, computed on this machine, a piece at a time, so that a file of any size passes
// through without being held. WebCrypto wants all of it at once; hence @noble/hashes.
import { sha256 } from "@noble/hashes/sha2.js"

const BYTES = 32
// Between two pieces the page is drawn and the keyboard is heard at least this often.
const BREATH_MS = 40

/** `step` is told how much is done, of 1. Fails with AbortError when it is stopped, and as the reading does. */
export function fingerprintOf(file: Blob, step: (done: number) => void, signal: AbortSignal): Promise<Uint8Array> {
  return fingerprintOfStream(file.stream(), file.size, step, signal)
}

export async function fingerprintOfStream(stream: ReadableStream<Uint8Array>, size: number, step: (done: number) => void, signal: AbortSignal): Promise<Uint8Array> {
  const hash = sha256.create()
  const reader = stream.getReader()
  let read = 0
  let breathed = performance.now()
  try {
    for (;;) {
      signal.throwIfAborted()
      const { done, value } = await reader.read()
      if (done) return hash.digest()
      hash.update(value)
      read += value.length
      if (performance.now() - breathed > BREATH_MS) {
        step(size > 0 ? Math.min(1, read / size) : 0)
        await new Promise((go) => setTimeout(go))
        breathed = performance.now()
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

export const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")

/** base64url, as it stands in addresses and on paper. */
export const codeOf = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")

/** What somebody typed or scanned: hexadecimal, base64url, in groups or not, or the whole address of a code. */
export function readCode(typed: string): Uint8Array | undefined {
  const text = typed.trim().replace(/^https?:\/\/.*\/verify\//i, "").replaceAll(/\s/g, "")
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(text.match(/../g) ?? [], (two) => Number.parseInt(two, 16))
  if (!/^[\w-]{43}=?$/.test(text)) return undefined
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/").replace("=", "")), (one) => one.charCodeAt(0))
  // Another last letter may stand for the same bytes; the server takes one form.
  return bytes.length === BYTES && codeOf(bytes) === text.replace("=", "") ? bytes : undefined
}
