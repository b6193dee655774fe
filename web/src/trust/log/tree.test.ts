// The vectors of src/trust/log/tree_test.cc.
import { expect, test } from "vitest"
import { hexOf } from "../known/fingerprint"
import { consistencyPath, continues, emptyRoot, type Hash, includes, inclusionPath, leafHash, rootOf, type Subtree } from "./tree"

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16))
const KNOWN = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map((one) => leafHash(bytes(one)))
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
const of =
  (leaves: readonly Hash[]): Subtree =>
  (first, end) =>
    Promise.resolve(rootOf(leaves, first, end))
const entries = (count: number) => Array.from({ length: count }, (_, i) => leafHash(new TextEncoder().encode(`entry ${i}`)))
const changed = (hash: Hash) => hash.map((byte, at) => (at === 7 ? byte ^ 1 : byte))
const OTHER = leafHash(new TextEncoder().encode("x"))

test("the known roots", () => {
  expect(hexOf(emptyRoot())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  ROOTS.forEach((root, at) => expect(hexOf(rootOf(KNOWN.slice(0, at + 1)))).toBe(root))
})

test("the known paths", async () => {
  expect((await inclusionPath(5, 8, of(KNOWN))).map(hexOf)).toEqual([
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ])
  expect((await consistencyPath(6, 8, of(KNOWN))).map(hexOf)).toEqual([
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ])
})

test("every inclusion verifies, and no changed one does", async () => {
  for (let size = 1; size <= 24; size++) {
    const leaves = entries(size)
    const root = rootOf(leaves)
    for (const [index, leaf] of leaves.entries()) {
      const path = await inclusionPath(index, size, of(leaves))
      expect(includes(leaf, index, size, path, root)).toBe(true)
      for (let other = 0; other < size; other++) if (other !== index) expect(includes(leaf, other, size, path, root)).toBe(false)
      expect(includes(OTHER, index, size, path, root)).toBe(false)
      expect(includes(leaf, index, size, path, OTHER)).toBe(false)
      expect(includes(leaf, size, size, path, root)).toBe(false)
      path.forEach((_, at) => expect(includes(leaf, index, size, path.map((hash, i) => (i === at ? changed(hash) : hash)), root)).toBe(false))
      expect(includes(leaf, index, size, [...path, root], root)).toBe(false)
      if (path.length > 0) expect(includes(leaf, index, size, path.slice(0, -1), root)).toBe(false)
    }
  }
})

test("every consistency verifies, and no changed one does", async () => {
  for (let size = 1; size <= 24; size++) {
    const leaves = entries(size)
    const root = rootOf(leaves)
    for (let before = 0; before <= size; before++) {
      const old = rootOf(leaves.slice(0, before))
      const path = await consistencyPath(before, size, of(leaves))
      expect(continues(before, old, size, root, path)).toBe(true)
      expect(continues(before, OTHER, size, root, path)).toBe(false)
      if (before > 0) expect(continues(before, old, size, OTHER, path)).toBe(false)
      path.forEach((_, at) => expect(continues(before, old, size, root, path.map((hash, i) => (i === at ? changed(hash) : hash)))).toBe(false))
      expect(continues(before, old, size, root, [...path, root])).toBe(false)
      if (path.length > 0) expect(continues(before, old, size, root, path.slice(0, -1))).toBe(false)
    }
    expect(continues(size + 1, root, size, root, [])).toBe(false)
  }
})
