import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist"
import { TextLayer } from "pdfjs-dist"
import { useEffect, useRef, useState } from "react"
import { useSay } from "../../language/language"

const NEAR = "800px 0px"

/** One page: drawn when it comes near the window, given up when it is far, then its text above its picture. */
export function Sheet({ document, number, scale, size, may, onSeen, onDrawn }: {
  document: PDFDocumentProxy
  number: number
  scale: number
  size: { width: number; height: number } // of the first page, until this one is known
  may: boolean // be drawn yet
  onSeen: (number: number) => void
  onDrawn: () => void // or given up
}) {
  const say = useSay()
  const frame = useRef<HTMLDivElement>(null)
  const [near, setNear] = useState(number === 1)
  const [page, setPage] = useState<PDFPageProxy>()
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const close = new IntersectionObserver(([one]) => setNear(one?.isIntersecting ?? false), { rootMargin: NEAR })
    const seen = new IntersectionObserver(([one]) => one?.isIntersecting && onSeen(number), { rootMargin: "-45% 0px -45% 0px" })
    close.observe(element)
    seen.observe(element)
    return () => {
      close.disconnect()
      seen.disconnect()
    }
  }, [number, onSeen])
  useEffect(() => {
    if (!near || !may) return
    let over = false
    document.getPage(number).then(
      (found) => !over && setPage(found),
      () => undefined, // the whole file is said to be broken when its first page is
    )
    return () => {
      over = true
    }
  }, [document, number, near, may])
  const view = page?.getViewport({ scale })
  const style = { width: view?.width ?? size.width * scale, height: view?.height ?? size.height * scale }
  return (
    <div ref={frame} className="sheet" id={`sheet-${number}`} role="region" aria-label={say("viewer.page", { number })} style={style}>
      {page && near && <Drawn page={page} scale={scale} onDrawn={onDrawn} />}
    </div>
  )
}

function Drawn({ page, scale, onDrawn }: { page: PDFPageProxy; scale: number; onDrawn: () => void }) {
  const picture = useRef<HTMLCanvasElement>(null)
  const text = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const canvas = picture.current
    const layer = text.current
    if (!canvas || !layer) return
    const viewport = page.getViewport({ scale })
    const sharp = Math.min(devicePixelRatio || 1, 2)
    canvas.width = Math.floor(viewport.width * sharp)
    canvas.height = Math.floor(viewport.height * sharp)
    const drawing = page.render({ canvas, viewport, ...(sharp === 1 ? {} : { transform: [sharp, 0, 0, sharp, 0, 0] }) })
    layer.replaceChildren()
    layer.style.setProperty("--total-scale-factor", String(scale))
    let letters: TextLayer | undefined
    let over = false
    const write = () => {
      onDrawn()
      if (over) return
      letters = new TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport })
      void letters.render().catch(() => undefined)
    }
    drawing.promise.then(() => {
      canvas.setAttribute("data-drawn", "")
      write()
    }, write) // what cannot be drawn can be read all the same
    return () => {
      over = true
      drawing.cancel()
      letters?.cancel()
    }
  }, [page, scale, onDrawn])
  return (
    <>
      <canvas ref={picture} aria-hidden="true" />
      <div ref={text} className="text" />
    </>
  )
}
