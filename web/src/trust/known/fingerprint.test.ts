import { createHash } from "node:crypto"
import { expect, test } from "vitest"
import { codeOf, fingerprintOfStream, hexOf, readCode } from "./fingerprint"

const never = new AbortController().signal
/** So many pieces of 64 KiB. */
function pieces(count: number): ReadableStream<Uint8Array> {
  let left = count
  return new ReadableStream({
    pull: (to) => {
      if (left-- > 0) to.enqueue(new Uint8Array(1 << 16).fill(left & 255))
      else to.close()
    },
  })
}

test("a file in pieces has the hash that everybody computes", async () => {
  const expected = createHash("sha256")
  for (let left = 99; left >= 0; left--) expected.update(new Uint8Array(1 << 16).fill(left & 255))
  const steps: number[] = []
  const found = await fingerprintOfStream(pieces(100), 100 << 16, (done) => steps.push(done), never)
  expect(hexOf(found)).toBe(expected.digest("hex"))
  expect(steps.every((one, at) => one > 0 && one <= 1 && one >= (steps[at - 1] ?? 0))).toBe(true)
  expect(hexOf(await fingerprintOfStream(pieces(0), 0, () => undefined, never))).toBe(createHash("sha256").digest("hex"))
})

test("it can be stopped", async () => {
  const stop = new AbortController()
  const work = fingerprintOfStream(pieces(Number.MAX_SAFE_INTEGER), 1, () => stop.abort(), stop.signal)
  await expect(work).rejects.toMatchObject({ name: "AbortError" })
})

test("codes are read as they are printed, typed and scanned", () => {
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => 255 - i * 3)
  const code = codeOf(bytes)
  expect(code).toMatch(/^[\w-]{43}$/)
  for (const typed of [code, ` ${code.slice(0, 10)} ${code.slice(10)}\n`, `${code}=`, hexOf(bytes), hexOf(bytes).toUpperCase(), `https://truc.example.gov.vn/verify/${code}`])
    expect(readCode(typed)).toEqual(bytes)
  for (const wrong of ["", "abc", `${code}A`, code.replace(/.$/, "B"), "~".repeat(43), hexOf(bytes).slice(1)]) expect(readCode(wrong)).toBeUndefined()
})
