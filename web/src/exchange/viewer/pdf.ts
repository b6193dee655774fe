// PDF by pdf.js, which comes with the screens that need it. Nothing in a file runs: no script, no evaluation, and what
// is not part of the file is not fetched.
import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy, PDFDataRangeTransport } from "pdfjs-dist"
import { pdfWorker } from "./worker"

// useWasm: WebAssembly is evaluation to the policy of our pages.
const SAFE = { isEvalSupported: false, enableXfa: false, useWasm: false, stopAtErrors: false, disableAutoFetch: true, disableStream: true } as const
const PIECE = 1 << 16

function worker() {
  GlobalWorkerOptions.workerPort ??= pdfWorker()
}

/** From the server, by pieces: the first page does not wait for the last one. The caller ends it with `destroy()`. */
export function openAddress(url: string): Promise<PDFDocumentProxy> {
  worker()
  return getDocument({ ...SAFE, url, rangeChunkSize: PIECE }).promise
}

/** From this machine; only the pieces that are needed are read. The caller ends it with `destroy()`. */
export function openFile(file: File): Promise<PDFDocumentProxy> {
  worker()
  return getDocument({ ...SAFE, range: new FilePieces(file), rangeChunkSize: PIECE }).promise
}

class FilePieces extends PDFDataRangeTransport {
  constructor(readonly file: File) {
    super(file.size, null)
  }
  override requestDataRange(begin: number, end: number) {
    void this.file
      .slice(begin, end)
      .arrayBuffer()
      .then((bytes) => this.onDataRange(begin, new Uint8Array(bytes)))
  }
}

/** The text of a page, line by line, columns kept apart by a tab. */
export async function linesOf(document: PDFDocumentProxy, page: number): Promise<string[]> {
  const { items } = await (await document.getPage(page)).getTextContent()
  const rows = new Map<number, { x: number; end: number; text: string }[]>()
  for (const item of items) {
    if (!("str" in item) || item.str.trim() === "") continue
    const [, , , , x = 0, y = 0] = item.transform as number[]
    const near = [...rows.keys()].find((row) => Math.abs(row - y) < 3) ?? y
    rows.set(near, [...(rows.get(near) ?? []), { x, end: x + item.width, text: item.str }])
  }
  return [...rows.entries()]
    .sort(([a], [b]) => b - a)
    .map(([, pieces]) =>
      pieces
        .sort((a, b) => a.x - b.x)
        .map(({ x, text }, place) => {
          const gap = place === 0 ? 0 : x - (pieces[place - 1]?.end ?? x)
          return (gap > 24 ? "\t" : gap > 1 ? " " : "") + text
        })
        .join("")
        .normalize("NFC"),
    )
}
