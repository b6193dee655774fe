// The cases of src/trust/log/tiles_test.cc, and trees of several levels.
import { expect, test } from "vitest"
import { Damaged, entriesIn, entriesPath, type Read, TileTree, tilePath, tileWidth } from "./tiles"
import { continues, consistencyPath, includes, inclusionPath, leafHash, rootOf } from "./tree"

test("paths and widths as specified", () => {
  expect(tilePath(0, 1234067, 256)).toBe("tile/0/x001/x234/067")
  expect(tilePath(2, 0, 256)).toBe("tile/2/000")
  expect(tilePath(1, 1000, 3)).toBe("tile/1/x001/000.p/3")
  expect(entriesPath(273, 112)).toBe("tile/entries/273.p/112")
  const widths = [[0, 272, 256], [0, 273, 112], [0, 274, 0], [1, 0, 256], [1, 1, 17], [2, 0, 1], [3, 0, 0]] as const
  for (const [level, number, width] of widths) expect(tileWidth(level, number, 70000)).toBe(width)
  expect(tileWidth(0, 1, 256)).toBe(0)
  expect(tileWidth(1, 0, 256)).toBe(1)
})

test("bundles are read strictly", () => {
  expect(entriesIn(Uint8Array.of(0, 1, 7, 0, 0)).map((one) => [...one])).toEqual([[7], []])
  for (const cut of [[0], [0, 2, 7]]) expect(() => entriesIn(Uint8Array.from(cut))).toThrow(Damaged)
  expect(() => entriesIn(new Uint8Array(2 * 257))).toThrow(Damaged)
})

const leaves = Array.from({ length: 1000 }, (_, i) => leafHash(new TextEncoder().encode(`entry ${i}`)))
/** The files of a log of 1000 entries; of the partial tiles before a full one none. */
const read: Read = (path) => {
  const [, level = "", rest = ""] = /^tile\/(\d)\/(.*)$/.exec(path) ?? []
  const span = 256 ** Number(level)
  const number = Number(rest.replace(/\.p.*/, ""))
  const whole = tileWidth(Number(level), number, 1000)
  const width = Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? 256)
  if (width > whole || (width < 256 && whole === 256) || tilePath(Number(level), number, width) !== path) return Promise.resolve(undefined)
  const hashes = Array.from({ length: width }, (_, i) => rootOf(leaves, (number * 256 + i) * span, (number * 256 + i + 1) * span))
  return Promise.resolve(Uint8Array.from(hashes.flatMap((one) => [...one])))
}

test("a tree of two levels proves what is in it and what came before", async () => {
  const tree = new TileTree(read, 1000)
  const root = rootOf(leaves)
  expect(await tree.hash(0, 1000)).toEqual(root)
  for (const index of [0, 255, 256, 511, 767, 768, 999])
    expect(includes(leaves[index] ?? root, index, 1000, await inclusionPath(index, 1000, tree.hash), root)).toBe(true)
  for (const before of [1, 255, 256, 300, 768, 999])
    expect(continues(before, rootOf(leaves, 0, before), 1000, root, await consistencyPath(before, 1000, tree.hash))).toBe(true)
  // A smaller head: its partial tile is gone, and the full one is cut.
  expect(await new TileTree(read, 700).hash(0, 700)).toEqual(rootOf(leaves, 0, 700))
})

test("a file that is missing or cut is damage, and one that cannot be read is not", async () => {
  await expect(new TileTree(() => Promise.resolve(undefined), 10).hash(0, 10)).rejects.toBeInstanceOf(Damaged)
  await expect(new TileTree(() => Promise.resolve(new Uint8Array(31)), 1).hash(0, 1)).rejects.toBeInstanceOf(Damaged)
  await expect(new TileTree(() => Promise.reject(new TypeError("away")), 1).hash(0, 1)).rejects.toBeInstanceOf(TypeError)
})
