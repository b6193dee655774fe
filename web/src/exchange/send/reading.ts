// Reading a chosen file in the browser; pdf.js is loaded for it then, and nothing leaves the machine.
import { isEdxml } from "./draft"
import { readEdxml, readLines, type Readings } from "./readings"

const HEADER_BYTES = 1 << 20 // what an edXML file says stands before its attachments

/** What reads PDFs could not be loaded, as there is no network: that says nothing about the file. */
export class NoReader extends Error {}

/** What it says of itself; fails for a PDF that cannot be opened, and with NoReader. */
export async function read(file: File): Promise<Readings> {
  if (isEdxml(file.name)) return readEdxml(await file.slice(0, HEADER_BYTES).text())
  const { linesOf, openFile } = await import("../viewer/pdf").catch(() => {
    throw new NoReader()
  })
  const document = await openFile(file)
  try {
    return readLines(await linesOf(document, 1))
  } finally {
    void document.loadingTask.destroy()
  }
}
