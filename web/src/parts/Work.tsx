// Work that takes long: it goes on while its reader looks at other pages, shows how far it is, and can be stopped.
import { useSyncExternalStore } from "react"
import { ProgressBar } from "react-aria-components"
import { useSay } from "../language/language"
import { Button } from "./Button"

export interface Work {
  id: number
  title: string
  done: number // of 1
}

type Step = (done: number) => void
type Start = { title: string; run: (step: Step, signal: AbortSignal) => Promise<void> }

let works: readonly Work[] = []
let numbers = 0
const aborts = new Map<number, AbortController>()
const listeners = new Set<() => void>()

function show(now: readonly Work[]) {
  works = now
  for (const changed of listeners) changed()
}

/** Starts it. Ends, as the promise does, when it is through, has failed or was stopped; then it is no longer shown. */
export async function begin({ title, run }: Start): Promise<void> {
  const id = ++numbers
  const abort = new AbortController()
  aborts.set(id, abort)
  show([...works, { id, title, done: 0 }])
  try {
    await run((done) => show(works.map((one) => (one.id === id ? { ...one, done } : one))), abort.signal)
  } catch (error) {
    if (!abort.signal.aborted) throw error
  } finally {
    aborts.delete(id)
    show(works.filter((one) => one.id !== id))
  }
}

export function useWorks(): readonly Work[] {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    () => works,
  )
}

/** What is under way, in a corner of every page. */
export function WorkTray() {
  const say = useSay()
  const under = useWorks()
  if (under.length === 0) return null
  return (
    <section className="work card" aria-label={say("work.region")}>
      {under.map((one) => (
        <ProgressBar key={one.id} className="progress" aria-label={one.title} value={100 * one.done}>
          {({ percentage, valueText }) => (
            <>
              <span className="row">
                <span>{one.title}</span>
                <span>{valueText}</span>
                <Button look="bare" onPress={() => aborts.get(one.id)?.abort()}>
                  {say("work.stop")}
                </Button>
              </span>
              <span className="bar">
                <span className="done" style={{ display: "block", width: `${percentage ?? 0}%` }} />
              </span>
            </>
          )}
        </ProgressBar>
      ))}
    </section>
  )
}
