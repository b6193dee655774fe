// The vectors of src/trust/log/note_test.cc.
import { webcrypto } from "node:crypto"
import { expect, test, vi } from "vitest"
import { base64Of, headIn, keyIn, noteIn, saidBy } from "./note"

vi.stubGlobal("isSecureContext", true)
vi.stubGlobal("crypto", webcrypto)

const KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
const NOTE =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
const HEAD =
  "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
  "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n" +
  "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"

const key = (text: string) => {
  const found = keyIn(text)
  if (!found) throw new Error("no key")
  return found
}
const note = (text: string) => {
  const found = noteIn(text)
  if (!found) throw new Error("no note")
  return found
}

test("a known note is signed by its key, and a changed one is not", async () => {
  expect(await saidBy(key(KEY), note(NOTE))).toEqual({ outcome: "good" })
  expect(await saidBy(key(KEY), note(NOTE.replace("If", "if")))).toEqual({ outcome: "wrong" })
  expect(await saidBy(key(KEY), note(HEAD))).toEqual({ outcome: "none" })
})

test("a head with a cosignature is read", () => {
  const found = note(HEAD)
  expect(found.signatures.map(({ name, id, bytes }) => [name, id, bytes.length])).toEqual([
    ["example.com/behind-the-sofa", "033de0ae", 64],
    ["witness.example.com/w1", "8d66cf3f", 72],
  ])
  const head = headIn(found)
  expect(head).toMatchObject({ origin: "example.com/behind-the-sofa", size: 20852163 })
  expect(base64Of(head?.root ?? new Uint8Array())).toBe("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
})

test("what is malformed is nothing", () => {
  for (const text of ["", "abc", "a\n\n— b", "a\n\n- b AAAA\n", "a\n\n— b c d\n"]) expect(noteIn(text)).toBeUndefined()
  for (const text of ["", "a+b", KEY.replace("c74f", "c74e"), `${KEY}AAAA`]) expect(keyIn(text)).toBeUndefined()
  for (const text of ["o\n1\n", "o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "o\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"])
    expect(headIn({ text, signatures: [] })).toBeUndefined()
})

test("a browser that cannot check says so", async () => {
  vi.stubGlobal("isSecureContext", false)
  expect(await saidBy(key(KEY), note(NOTE))).toEqual({ outcome: "unknown" })
  vi.stubGlobal("isSecureContext", true)
})
