// Pages of a PDF as pictures for a printer, with a code on the first one by which a stranger finds out what the paper is.
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist"
import { encode } from "uqr"

const DOTS = 200 // an inch
const SIDE_MOST = 5000 // dots: of pages larger than A3
const MM = DOTS / 25.4
const LETTERS_MOST = 1_500_000 // of a picture as PNG

/** What stands beside the code. */
export interface Words {
  title: string
  code: string
  about: string
}

export interface Code {
  address: string // what is scanned
  words: Words
}

/**
 * All pages, one after the other, as data addresses: our policy shows no others. A landscape page is turned. `step` is
 * told how many are done.
 */
export async function pictures(document: PDFDocumentProxy, code: Code, step: (done: number) => void, signal: AbortSignal): Promise<string[]> {
  await globalThis.document.fonts.ready
  const canvas = globalThis.document.createElement("canvas")
  const made: string[] = []
  for (let number = 1; number <= document.numPages; number++) {
    signal.throwIfAborted()
    const page = await document.getPage(number)
    await draw(page, canvas, signal)
    if (number === 1) putCode(canvas, code)
    made.push(pictureOf(canvas))
    page.cleanup()
    step(number)
  }
  canvas.width = canvas.height = 0
  return made
}

async function draw(page: PDFPageProxy, canvas: HTMLCanvasElement, signal: AbortSignal) {
  const upright = page.getViewport({ scale: 1 })
  const rotation = upright.width > upright.height ? (page.rotate + 90) % 360 : page.rotate
  const scale = Math.min(DOTS / 72, SIDE_MOST / Math.max(upright.width, upright.height))
  const viewport = page.getViewport({ scale, rotation })
  canvas.width = Math.round(viewport.width)
  canvas.height = Math.round(viewport.height)
  const drawing = page.render({ canvas, viewport, intent: "print" })
  const stop = () => drawing.cancel()
  signal.addEventListener("abort", stop)
  try {
    await drawing.promise
  } finally {
    signal.removeEventListener("abort", stop)
  }
  signal.throwIfAborted()
}

// Text is sharpest and smallest as PNG; a scanned page would be many times larger.
function pictureOf(canvas: HTMLCanvasElement): string {
  const sharp = canvas.toDataURL("image/png")
  return sharp.length < LETTERS_MOST ? sharp : canvas.toDataURL("image/jpeg", 0.85)
}

const CODE_MM = 17
const STRIP_MM = 21 // at the foot of the page
const EDGE_MM = 10

/** At the foot, where official papers have a margin; a page without one is made a little smaller, and nothing covered. */
function putCode(canvas: HTMLCanvasElement, { address, words }: Code) {
  const context = canvas.getContext("2d")
  if (!context) throw new Error("no canvas")
  const strip = Math.round(STRIP_MM * MM)
  const top = canvas.height - strip
  if (!isBlank(context, canvas.width, top, strip)) shrink(canvas, context, top)
  const modules = encode(address, { ecc: "M", border: 2 })
  const dot = Math.max(2, Math.floor((CODE_MM * MM) / modules.size))
  const left = Math.round(EDGE_MM * MM)
  const first = top + Math.round((strip - dot * modules.size) / 2)
  context.fillStyle = "#ffffff"
  context.fillRect(left, first, dot * modules.size, dot * modules.size)
  context.fillStyle = "#000000"
  modules.data.forEach((row, y) => row.forEach((dark, x) => dark && context.fillRect(left + x * dot, first + y * dot, dot, dot)))
  const from = left + dot * modules.size + 2 * MM
  write(context, words, from, first + 2 * dot, canvas.width - from - EDGE_MM * MM)
}

function isBlank(context: CanvasRenderingContext2D, width: number, top: number, height: number): boolean {
  const { data } = context.getImageData(0, top, width, height)
  return data.every((value) => value > 245)
}

function shrink(canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, height: number) {
  const copy = document.createElement("canvas")
  copy.width = canvas.width
  copy.height = canvas.height
  copy.getContext("2d")?.drawImage(canvas, 0, 0)
  const width = (canvas.width * height) / canvas.height
  context.fillStyle = "#ffffff"
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(copy, (canvas.width - width) / 2, 0, width, height)
}

const points = (size: number) => (size * DOTS) / 72

function write(context: CanvasRenderingContext2D, { title, code, about }: Words, x: number, y: number, width: number) {
  const face = '"Be Vietnam Pro", system-ui, sans-serif'
  context.textBaseline = "top"
  const line = (text: string, font: string, size: number) => {
    context.font = `${font.replace("%", `${points(size)}px`)}`
    for (const part of wrapped(context, text, width)) {
      context.fillText(part, x, y)
      y += points(size) * 1.35
    }
  }
  line(title, `600 % ${face}`, 8)
  line(code, "600 % monospace", 8)
  line(about, `400 % ${face}`, 7)
}

function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : word
    if (lines.length > 0 && context.measureText(longer).width <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** Puts them where only a printer sees them. Gives what takes them away again. */
export async function lay(all: readonly string[], nameOf: (number: number) => string): Promise<() => void> {
  const box = document.createElement("div")
  box.className = "printed"
  document.body.append(box)
  try {
    for (const [place, address] of all.entries()) {
      const image = new Image()
      image.alt = nameOf(place + 1)
      image.src = address
      box.append(image)
      await new Promise((loaded, failed) => {
        image.onload = loaded
        image.onerror = () => failed(new Error("no picture"))
      })
    }
  } catch (error) {
    box.remove()
    throw error
  }
  return () => box.remove()
}
