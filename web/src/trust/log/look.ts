// What a browser finds out about the log by itself: who signed its head, whether its files give that head, whether it
// continues the head that was seen here before, and whether an entry is in it.
import { Disconnected } from "../../api/client"
import { base64Of, type Head, headIn, type Key, type Note, noteIn, type Said, saidBy } from "./note"
import { Damaged, type Read, TILE_WIDTH, TileTree } from "./tiles"
import { consistencyPath, continues, includes, inclusionPath, leafHash, same } from "./tree"

/** A head that this browser has seen, as it was signed. */
export interface Seen {
  note: string
  at: string
}

export interface Cosigned {
  name: string
  said: Said
  size: number // of the head that it cosigned
}

export type Outcome = "good" | "wrong" | "unknown"
export interface Look {
  head: Head
  note: string
  signature: Outcome
  tiles: Outcome
  /** Compared with what was seen before; nothing the first time. */
  before?: { seen: Seen; size: number; outcome: Outcome }
  cosigned: Cosigned[]
}

/** The log's files, at this server. */
export const files: Read = async (path) => {
  // Heads change; everything else is kept by the browser for as long as the server says.
  const answer = await fetch(`/log/${path}`).catch(() => {
    throw new Disconnected()
  })
  if (answer.status === 404) return undefined
  if (!answer.ok) throw new Disconnected()
  return new Uint8Array(await answer.arrayBuffer())
}

const textOf = (bytes: Uint8Array | undefined) => (bytes ? new TextDecoder().decode(bytes) : "")

function headOf(written: string): { head: Head; note: Note } | undefined {
  const note = noteIn(written)
  const head = note && headIn(note)
  return head ? { head, note } : undefined
}

/** Fails with Damaged where there is no head, and with Disconnected where nothing can be read. */
export async function look(key: Key | undefined, witnesses: readonly Key[], seen: Seen | undefined, read: Read = files): Promise<Look> {
  const written = textOf(await read("checkpoint"))
  const found = headOf(written)
  if (!found) throw new Damaged("checkpoint")
  const { head, note } = found
  const tree = new TileTree(read, head.size)
  const made: Look = { head, note: written, signature: await signatureOf(key, head, note), tiles: await tilesOf(tree, head), cosigned: await cosigned(witnesses, read) }
  const earlier = seen && headOf(seen.note)?.head
  if (!earlier || earlier.origin !== head.origin) return made
  return { ...made, before: { seen, size: earlier.size, outcome: await continued(earlier, head, tree) } }
}

async function signatureOf(key: Key | undefined, head: Head, note: Note): Promise<Outcome> {
  if (!key) return "unknown"
  const { outcome } = await saidBy(key, note)
  if (outcome === "unknown") return outcome
  return outcome === "good" && head.origin === key.name ? "good" : "wrong"
}

/** What does not hold together is wrong; what could not be read is nobody's fault. */
async function judged(work: () => Promise<boolean>): Promise<Outcome> {
  try {
    return (await work()) ? "good" : "wrong"
  } catch (error) {
    if (error instanceof Damaged) return "wrong"
    throw error
  }
}

const tilesOf = (tree: TileTree, { size, root }: Head) => judged(async () => same(await tree.hash(0, size), root))

const continued = (before: Head, now: Head, tree: TileTree) =>
  judged(async () => before.size <= now.size && continues(before.size, before.root, now.size, now.root, await consistencyPath(before.size, now.size, tree.hash)))

async function cosigned(witnesses: readonly Key[], read: Read): Promise<Cosigned[]> {
  if (witnesses.length === 0) return []
  const found = headOf(textOf(await read("checkpoint.witnessed")))
  return Promise.all(
    witnesses.map(async (one) => ({ name: one.name, said: found ? await saidBy(one, found.note) : ({ outcome: "none" } as const), size: found?.head.size ?? 0 })),
  )
}

const isGood = ({ signature, tiles, before }: Look) => signature !== "wrong" && tiles === "good" && before?.outcome !== "wrong"

const place = (origin: string) => `truc.log.${origin}`

export function remembered(origin: string): Seen | undefined {
  try {
    const { note, at } = JSON.parse(localStorage.getItem(place(origin)) ?? "") as Partial<Seen>
    return typeof note === "string" && typeof at === "string" ? { note, at } : undefined
  } catch {
    return undefined
  }
}

/** A head that contradicts what was seen takes nothing's place: both are kept, since together they convict the log. */
export function remember(found: Look) {
  if (!isGood(found)) return
  const seen: Seen = { note: found.note, at: new Date().toISOString() }
  try {
    localStorage.setItem(place(found.head.origin), JSON.stringify(seen))
  } catch {
    // A browser that keeps nothing compares nothing.
  }
}

const MARK = new TextEncoder().encode("truc-evidence/v1\n")

/** The hash of the evidence that an entry stands for; nothing for an entry of another kind. */
export function evidenceIn(entry: Uint8Array): Uint8Array | undefined {
  if (entry.length !== MARK.length + 32 || !same(entry.subarray(0, MARK.length), MARK)) return undefined
  return entry.subarray(MARK.length)
}

export interface Entry {
  index: number
  evidence: Uint8Array | undefined
  bytes: number
}

/** The entries of bundle `number`, the newest first. */
export async function entriesOf(head: Head, number: number, read: Read = files): Promise<Entry[]> {
  const all = await new TileTree(read, head.size).entries(number)
  return all.map((entry, at) => ({ index: number * TILE_WIDTH + at, evidence: evidenceIn(entry), bytes: entry.length })).reverse()
}

/** Whether the entry is what its tree says, and, where `hash` is given, that of this evidence. */
export async function proven(head: Head, index: number, hash: Uint8Array | undefined, read: Read = files): Promise<{ outcome: Outcome; entry: Entry | undefined }> {
  let entry: Entry | undefined
  const outcome = await judged(async () => {
    const tree = new TileTree(read, head.size)
    const bytes = (await tree.entries(Math.floor(index / TILE_WIDTH)))[index % TILE_WIDTH]
    if (!bytes) return false
    const evidence = evidenceIn(bytes)
    entry = { index, evidence, bytes: bytes.length }
    if (hash && !(evidence && same(evidence, hash))) return false
    return includes(leafHash(bytes), index, head.size, await inclusionPath(index, head.size, tree.hash), head.root)
  })
  return { outcome, entry }
}

export { base64Of }
