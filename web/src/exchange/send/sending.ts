// The way of a draft to the exchange: its file in pieces, then the document itself. It goes on while its sender looks
// at other pages.
import { useSyncExternalStore } from "react"
import { api, Disconnected, given, type Schemas } from "../../api/client"
import { begin } from "../../parts/Work"
import { type Draft, draft, isEdxml } from "./draft"
import { pause, upload } from "./tus"

export interface Sending {
  step: "none" | "upload" | "submit" | "done"
  done: number // of 1
  broken: boolean
  error: unknown
  accepted?: Schemas["Accepted"]
}

const NONE: Sending = { step: "none", done: 0, broken: false, error: null }
let now = NONE
const listeners = new Set<() => void>()

function become(next: Sending) {
  now = next
  for (const heard of listeners) heard()
}

export function useSending(): Sending {
  return useSyncExternalStore(
    (heard) => {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
    () => now,
  )
}

/** Its result was read. */
export const forget = () => become(NONE)

const day = (written: string) => written.replaceAll("-", "/")

/** As the API takes it. A whole edXML file says everything itself. */
export function bodyOf({ fields, from, to, urgency }: Draft, name: string, id: string): Schemas["NewDocument"] {
  if (isEdxml(name)) return { upload: id }
  const said = Object.entries(fields)
    .map(([field, value]) => [field, value.trim()] as const)
    .filter(([, value]) => value !== "")
    .map(([field, value]) => [field, field.endsWith("_date") ? day(value) : value])
  return {
    ...(Object.fromEntries(said) as object),
    from: { id: from },
    to: to.map(({ code, name: called }) => ({ id: code, name: called })),
    type: "2",
    priority: urgency,
    attachments: [{ upload: id, name }],
  }
}

/** Sends the draft; what goes wrong is in `error`, and nothing typed is lost by it. */
export async function send(title: string, from: string): Promise<void> {
  const file = draft.file()
  if (!file || now.step === "upload" || now.step === "submit") return
  become({ ...NONE, step: "upload" })
  draft.change({ from })
  try {
    await begin({
      title,
      run: async (step, signal) => {
        const id = await upload({
          id: draft.now().file?.upload ?? "",
          file,
          organisation: from,
          signal,
          begun: (begun) => {
            const kept = draft.now().file
            if (kept) draft.change({ file: { ...kept, upload: begun } })
          },
          step: (bytes, broken) => {
            const done = file.size === 0 ? 1 : bytes / file.size
            step(done)
            become({ ...now, done, broken })
          },
        })
        become({ ...now, step: "submit", done: 1, broken: false })
        const accepted = await submit(id, file.name, signal)
        draft.clear()
        become({ ...now, step: "done", accepted })
      },
    })
    if (now.step !== "done") become(NONE) // it was stopped
  } catch (error) {
    become({ ...NONE, error })
  }
}

/** Until an answer came: by its key it counts once. */
async function submit(id: string, name: string, signal: AbortSignal): Promise<Schemas["Accepted"]> {
  const body = bodyOf(draft.now(), name, id)
  const written = JSON.stringify(body)
  const before = draft.now().once
  const once = before?.body === written ? before : { body: written, key: crypto.randomUUID() }
  draft.change({ once })
  for (let failures = 0; ; failures++) {
    signal.throwIfAborted()
    try {
      return await given(api.POST("/api/v1/submissions", { params: { header: { "Idempotency-Key": once.key } }, body, signal }))
    } catch (error) {
      if (!(error instanceof Disconnected)) throw error
      become({ ...now, broken: true })
      await pause(Math.min(15_000, 500 * 2 ** failures), signal)
    }
  }
}
