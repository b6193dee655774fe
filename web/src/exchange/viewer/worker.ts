import PdfWorker from "pdfjs-dist/build/pdf.worker.min.mjs?worker"

let started: Worker | undefined

/** Where pdf.js reads files: one for all of them, started when it is first asked for. */
export function pdfWorker(): Worker {
  started ??= new PdfWorker()
  return started
}
