// What shows a paper is asked for before somebody opens one.
import program from "pdfjs-dist/build/pdf.worker.min.mjs?worker&url"
import { pdfWorker } from "./worker"

// Whoever opens the paper is told of what did not come.
const missed = () => undefined

/** Somebody is about to open a paper. */
export function fetchViewer() {
  import("./ViewerPage").catch(missed)
}

/** Somebody opens one. */
export function startViewer() {
  pdfWorker()
  fetchViewer()
}

/** While nothing else is to be done, once, and not for who pays for each byte. Gives what calls it off. */
export function fetchViewerIdly(): () => void {
  const { connection } = navigator as { connection?: { saveData?: boolean } }
  if (connection?.saveData || !("requestIdleCallback" in globalThis)) return missed
  const waiting = requestIdleCallback(() => {
    fetchViewer()
    fetch(program, { priority: "low" }).then((answer) => answer.arrayBuffer(), missed).catch(missed)
  })
  return () => cancelIdleCallback(waiting)
}
