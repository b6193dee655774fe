// Prints a paper with a code by which whoever holds it finds out, without an account, whether it is what it says.
import "./printing.css"
import type { PDFDocumentProxy } from "pdfjs-dist"
import { useEffect, useRef, useState } from "react"
import { ProgressBar } from "react-aria-components"
import { api, Disconnected, given } from "../../../api/client"
import { momentText } from "../../../language/dates"
import { useLanguage, useSay } from "../../../language/language"
import { Button } from "../../../parts/Button"
import { Dialog } from "../../../parts/Dialog"
import { Icon } from "../../../parts/Icon"
import { Failure } from "../../../parts/States"
import { codeOf, fingerprintOfStream, hexOf } from "../../../trust/known/fingerprint"
import { lay, pictures } from "./print"

type State = { at: "reading" | "drawing"; done: number } | { at: "unknown" } | { at: "ready" } | { at: "failed"; error: unknown }

async function fingerprintAt(address: string, step: (done: number) => void, signal: AbortSignal): Promise<Uint8Array> {
  const answer = await fetch(address, { signal }).catch((error: unknown) => {
    throw signal.aborted ? error : new Disconnected()
  })
  if (!answer.ok || !answer.body) throw new Disconnected()
  return fingerprintOfStream(answer.body, Number(answer.headers.get("Content-Length")), step, signal)
}

export function PrintDialog({ document, address, onClose }: { document: PDFDocumentProxy; address: string; onClose: () => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const [state, setState] = useState<State>({ at: "reading", done: 0 })
  const [attempt, setAttempt] = useState(0)
  const words = useRef({ say, language })
  useEffect(() => {
    words.current = { say, language }
  }, [say, language])
  useEffect(() => {
    const stop = new AbortController()
    let away: (() => void) | undefined
    const run = async () => {
      const { say, language } = words.current
      const print = await fingerprintAt(address, (done) => setState({ at: "reading", done }), stop.signal)
      const known = await given(api.GET("/api/v1/verify/{sha256}", { params: { path: { sha256: hexOf(print) } }, signal: stop.signal }))
      if (!known.known) return setState({ at: "unknown" })
      const code = codeOf(print)
      const stands = {
        address: `${location.origin}/verify/${code}`,
        words: { title: say("printing.code"), code, about: say("printing.sentence", { address: `${location.host}/verify`, at: momentText(new Date(), language) }) },
      }
      const made = await pictures(document, stands, (pages) => setState({ at: "drawing", done: pages / document.numPages }), stop.signal)
      away = await lay(made, (number) => say("viewer.page", { number }))
      if (stop.signal.aborted) return away()
      setState({ at: "ready" })
      window.print()
    }
    run().catch((error: unknown) => !stop.signal.aborted && setState({ at: "failed", error }))
    return () => {
      stop.abort()
      away?.()
    }
  }, [document, address, attempt])
  const again = () => {
    setState({ at: "reading", done: 0 })
    setAttempt(attempt + 1)
  }
  return (
    <Dialog title={say("printing.title")} open onClose={onClose}>
      {(state.at === "reading" || state.at === "drawing") && (
        <ProgressBar className="progress" aria-label={say(`printing.${state.at}`)} value={100 * state.done}>
          {({ percentage, valueText }) => (
            <>
              <span className="row">
                <span role="status">{say(`printing.${state.at}`)}</span>
                <span>{valueText}</span>
              </span>
              <span className="bar">
                <span className="done" style={{ display: "block", width: `${percentage ?? 0}%` }} />
              </span>
            </>
          )}
        </ProgressBar>
      )}
      {state.at === "unknown" && (
        <p role="alert" className="notice waiting">
          <Icon name="late" />
          <span>{say("printing.unknown")}</span>
        </p>
      )}
      {state.at === "ready" && <p role="status">{say("printing.ready")}</p>}
      {state.at === "failed" && <Failure error={state.error} again={again} />}
      <div className="row">
        {state.at === "ready" && (
          <Button look="first" onPress={() => window.print()}>
            {say("printing.again")}
          </Button>
        )}
        <Button onPress={onClose}>{state.at === "reading" || state.at === "drawing" ? say("work.stop") : say("printing.close")}</Button>
      </div>
    </Dialog>
  )
}
