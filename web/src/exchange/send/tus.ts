// Resumable uploads (tus 1.0.0) over the one way to the server, which has the session and what happens at its end. Ours,
// since a library brings 22 kB for what is three calls here, and knows nothing of sessions that are renewed.
import { ProblemError } from "@truc/client/problem"
import { api, Disconnected } from "../../api/client"

export interface Uploading {
  /** Goes on with this one; "" begins one. */
  id: string
  file: File
  organisation: string
  /** It has begun, or begun anew: where. */
  begun: (id: string) => void
  /** Bytes that are on disk there; `broken` while the network is gone. */
  step: (kept: number, broken: boolean) => void
  signal: AbortSignal
}

const TUS = { "Tus-Resumable": "1.0.0" } as const
const PIECE_LEAST = 1 << 18
const PIECE_MOST = 1 << 24
const PIECE_MS = 2000 // how long a piece should take: progress moves, and little is sent twice
const PAUSE_MOST_MS = 15_000
const AT_WORK = new Set(["exchange.upload_busy", "exchange.upload_taken_over", "exchange.upload_wrong_offset"])

/** All of it is on disk at the exchange afterwards. A network that breaks is waited for. Gives the id. */
export async function upload(work: Uploading): Promise<string> {
  let { id } = work
  let piece = PIECE_LEAST
  let kept = -1 // not known
  for (let failures = 0; ; ) {
    work.signal.throwIfAborted()
    try {
      if (id === "") {
        id = await create(work)
        work.begun(id)
        kept = 0
      }
      if (kept < 0) kept = await offset(id, work.signal)
      work.step(kept, false)
      if (kept >= work.file.size) return id
      const since = performance.now()
      await append(id, kept, work.file.slice(kept, kept + piece), work.signal)
      kept = Math.min(kept + piece, work.file.size)
      const took = Math.max(1, performance.now() - since)
      piece = Math.round(Math.min(PIECE_MOST, Math.max(PIECE_LEAST, (piece * PIECE_MS) / took)))
      failures = 0
    } catch (error) {
      if (work.signal.aborted) throw error
      if (error instanceof ProblemError && (error.status === 404 || error.status === 410) && id !== "") {
        id = "" // it was left for too long
      } else if (error instanceof Disconnected || (error instanceof ProblemError && AT_WORK.has(error.reason))) {
        work.step(Math.max(0, kept), error instanceof Disconnected)
        await pause(Math.min(PAUSE_MOST_MS, 500 * 2 ** failures++), work.signal)
      } else throw error
      kept = -1
    }
  }
}

async function create({ file, organisation, signal }: Uploading): Promise<string> {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)))
  const { response } = await api.POST("/api/v1/uploads", {
    params: { query: { organisation }, header: { ...TUS, "Upload-Length": file.size, "Upload-Metadata": `filename ${name}` } },
    parseAs: "stream",
    signal,
  })
  return response.headers.get("Location")?.split("/").pop() ?? ""
}

async function offset(id: string, signal: AbortSignal): Promise<number> {
  const { response } = await api.HEAD("/api/v1/uploads/{id}", { params: { path: { id }, header: TUS }, signal })
  return Number(response.headers.get("Upload-Offset"))
}

async function append(id: string, at: number, bytes: Blob, signal: AbortSignal) {
  await api.PATCH("/api/v1/uploads/{id}", {
    params: { path: { id }, header: { ...TUS, "Upload-Offset": at } },
    headers: { "Content-Type": "application/offset+octet-stream" },
    body: bytes as never,
    bodySerializer: (body: unknown) => body as Blob,
    signal,
  })
}

/** Until then, or until the browser says that the network is back. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      removeEventListener("online", done)
      signal.removeEventListener("abort", done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    addEventListener("online", done)
    signal.addEventListener("abort", done)
  })
}
