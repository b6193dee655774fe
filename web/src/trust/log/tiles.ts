// The log's files (C2SP tlog-tiles): where they are, and hashes computed from them. What they say is believed only as far
// as it gives the root of a signed head.
import { emptyRoot, type Hash, nodeHash, powerIn, rootOf } from "./tree"

export const TILE_WIDTH = 256
const HASH = 32

/** A file of the log, or nothing where it has none of that name. Fails when it cannot be read. */
export type Read = (path: string) => Promise<Uint8Array | undefined>

/** The log's files do not hold together. */
export class Damaged extends Error {
  override readonly name = "Damaged"
}

function numberPath(number: number): string {
  const last = String(number % 1000).padStart(3, "0")
  let rest = Math.floor(number / 1000)
  let path = last
  for (; rest > 0; rest = Math.floor(rest / 1000)) path = `x${String(rest % 1000).padStart(3, "0")}/${path}`
  return path
}
const withWidth = (path: string, width: number) => (width < TILE_WIDTH ? `${path}.p/${width}` : path)
export const tilePath = (level: number, number: number, width: number) => withWidth(`tile/${level}/${numberPath(number)}`, width)
export const entriesPath = (number: number, width: number) => withWidth(`tile/entries/${numberPath(number)}`, width)

/** How many hashes tile `number` of a level has in a tree of that size; 0 when it is not there. */
export function tileWidth(level: number, number: number, size: number): number {
  const hashes = Math.floor(size / 2 ** (8 * level))
  return Math.max(0, Math.min(TILE_WIDTH, hashes - number * TILE_WIDTH))
}

/** The entries of a bundle, each with its length before it. */
export function entriesIn(bundle: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = []
  for (let at = 0; at < bundle.length; ) {
    const size = (bundle[at] ?? 0) * 256 + (bundle[at + 1] ?? 0)
    if (at + 2 + size > bundle.length || found.length === TILE_WIDTH) throw new Damaged("entries")
    found.push(bundle.subarray(at + 2, at + 2 + size))
    at += 2 + size
  }
  return found
}

/** A tree of a known size, read from tiles. Keeps those that it has read. */
export class TileTree {
  readonly #kept = new Map<string, Promise<Uint8Array>>()
  constructor(
    readonly read: Read,
    readonly size: number,
  ) {}

  /** A partial file that is gone was followed by the full one. */
  #file(partial: string, full: string): Promise<Uint8Array> {
    const kept = this.#kept.get(partial)
    if (kept) return kept
    const found = this.read(partial).then(async (bytes) => {
      const whole = bytes ?? (partial === full ? undefined : await this.read(full))
      if (!whole) throw new Damaged(partial)
      return whole
    })
    this.#kept.set(partial, found)
    found.catch(() => this.#kept.delete(partial))
    return found
  }

  async #tile(level: number, number: number): Promise<Uint8Array> {
    const width = tileWidth(level, number, this.size)
    const path = tilePath(level, number, width)
    const bytes = await this.#file(path, tilePath(level, number, TILE_WIDTH))
    if (width === 0 || bytes.length < width * HASH) throw new Damaged(path)
    return bytes.subarray(0, width * HASH)
  }

  /** The hash of a subtree. */
  readonly hash = async (first: number, end: number): Promise<Hash> => {
    const count = end - first
    if (count === 0) return emptyRoot()
    if (powerIn(count) !== count || first % count !== 0) {
      const middle = first + powerIn(count - 1)
      return nodeHash(await this.hash(first, middle), await this.hash(middle, end))
    }
    const level = Math.floor(Math.log2(count) / 8)
    const at = first / 2 ** (8 * level)
    const tile = await this.#tile(level, Math.floor(at / TILE_WIDTH))
    const from = (at % TILE_WIDTH) * HASH
    const hashes = count / 2 ** (8 * level)
    return rootOf(Array.from({ length: hashes }, (_, i) => tile.subarray(from + i * HASH, from + (i + 1) * HASH)))
  }

  /** The entries of bundle `number`, as many as this tree has of it. */
  async entries(number: number): Promise<Uint8Array[]> {
    const width = tileWidth(0, number, this.size)
    const all = entriesIn(await this.#file(entriesPath(number, width), entriesPath(number, TILE_WIDTH)))
    if (all.length < width) throw new Damaged(entriesPath(number, width))
    return all.slice(0, width)
  }
}
