// The table of contents that a PDF brings along (ISO 32000-1, 12.3.3). It is a stranger's: bounded, and read as text.
import type { PDFDocumentProxy } from "pdfjs-dist"

export interface Heading {
  title: string
  page: number // from 1
  depth: number // from 0
}

const MOST = 500
const DEEPEST = 4
const LONGEST = 200

type Outline = Awaited<ReturnType<PDFDocumentProxy["getOutline"]>>
type Source = Pick<PDFDocumentProxy, "getOutline" | "getDestination" | "getPageIndex" | "numPages">

/** Headings that lead to a page, in order. Those that lead elsewhere (to an address, to nothing) are left out. */
export async function headingsOf(document: Source): Promise<Heading[]> {
  const found: Heading[] = []
  let looked = 0
  const take = async (outline: Outline, depth: number) => {
    for (const one of outline) {
      if (++looked > MOST) return
      const page = await pageOf(document, one.dest)
      const title = one.title.replace(/\s+/g, " ").trim().slice(0, LONGEST)
      if (page !== undefined && title !== "") found.push({ title, page, depth })
      if (depth < DEEPEST) await take(one.items as Outline, depth + 1)
    }
  }
  await take((await document.getOutline()) ?? [], 0)
  return found
}

async function pageOf(document: Source, dest: string | unknown[] | null): Promise<number | undefined> {
  try {
    const [target] = (typeof dest === "string" ? await document.getDestination(dest) : dest) ?? []
    const index = typeof target === "number" ? target : await document.getPageIndex(target as never)
    return index >= 0 && index < document.numPages ? index + 1 : undefined
  } catch {
    return undefined
  }
}
