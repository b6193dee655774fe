// The Merkle tree of RFC 6962 and its proofs, as docs/formats/transparency-log.md has them. Pure; numbers up to 2^53.
import { sha256 } from "@noble/hashes/sha2.js"

export type Hash = Uint8Array

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0))
  let at = 0
  for (const one of parts) {
    all.set(one, at)
    at += one.length
  }
  return all
}

export const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, at) => byte === b[at])
export const leafHash = (entry: Uint8Array): Hash => sha256(joined(Uint8Array.of(0), entry))
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(joined(Uint8Array.of(1), left, right))
export const emptyRoot = (): Hash => sha256(new Uint8Array())

/** The largest power of two that is at most `size`, which is at least 1. */
export function powerIn(size: number): number {
  let power = 1
  while (power * 2 <= size) power *= 2
  return power
}
const splitOf = (size: number) => powerIn(size - 1)
const isOdd = (value: number) => value % 2 === 1
const half = (value: number) => Math.floor(value / 2)

export function rootOf(leaves: readonly Hash[], first = 0, end = leaves.length): Hash {
  if (first === end) return emptyRoot()
  if (end - first === 1) return leaves[first] ?? emptyRoot()
  const middle = first + splitOf(end - first)
  return nodeHash(rootOf(leaves, first, middle), rootOf(leaves, middle, end))
}

/** The hash of leaves [first, end) of some tree; asked only for ranges that are subtrees of it. */
export type Subtree = (first: number, end: number) => Promise<Hash>

/** PATH(index, D[size]); index < size. */
export async function inclusionPath(index: number, size: number, subtree: Subtree): Promise<Hash[]> {
  const path: Hash[] = []
  let first = 0
  let end = size
  while (end - first > 1) {
    const middle = first + splitOf(end - first)
    if (index < middle) {
      path.unshift(await subtree(middle, end))
      end = middle
    } else {
      path.unshift(await subtree(first, middle))
      first = middle
    }
  }
  return path
}

/** PROOF(before, D[size]); before <= size, and the proof from 0 is empty. */
export async function consistencyPath(before: number, size: number, subtree: Subtree): Promise<Hash[]> {
  const path: Hash[] = []
  if (before === 0 || before === size) return path
  let first = 0
  let end = size
  let whole = true
  while (before !== end) {
    const middle = first + splitOf(end - first)
    if (before <= middle) {
      path.unshift(await subtree(middle, end))
      end = middle
    } else {
      path.unshift(await subtree(first, middle))
      first = middle
      whole = false
    }
  }
  return whole ? path : [await subtree(first, end), ...path]
}

/** RFC 9162, 2.1.3.2. */
export function includes(leaf: Hash, index: number, size: number, path: readonly Hash[], root: Hash): boolean {
  if (index >= size || path.some((one) => one.length !== 32)) return false
  let at = index
  let last = size - 1
  let hash = leaf
  for (const sibling of path) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      hash = nodeHash(sibling, hash)
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else hash = nodeHash(hash, sibling)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && same(hash, root)
}

/** RFC 9162, 2.1.4.2: whether the tree of `size` begins with the one of `before`. */
export function continues(before: number, oldRoot: Hash, size: number, root: Hash, path: readonly Hash[]): boolean {
  if (before > size || path.some((one) => one.length !== 32)) return false
  if (before === 0 || before === size) {
    if (path.length > 0 || (size === 0 && !same(root, emptyRoot()))) return false
    return same(oldRoot, before === 0 ? emptyRoot() : root)
  }
  let at = before - 1
  let last = size - 1
  while (isOdd(at)) [at, last] = [half(at), half(last)]
  const rest = [...path]
  const begin = at === 0 ? oldRoot : rest.shift()
  if (!begin) return false
  let old = begin
  let now = begin
  for (const sibling of rest) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      old = nodeHash(sibling, old)
      now = nodeHash(sibling, now)
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else now = nodeHash(now, sibling)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && same(old, oldRoot) && same(now, root)
}
