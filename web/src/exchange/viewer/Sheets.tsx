import type { PDFDocumentProxy } from "pdfjs-dist"
import { useCallback, useEffect, useRef, useState } from "react"
import { Sheet } from "./Sheet"

const TOGETHER = 10
const NEAR = "1600px 0px"

interface Pages {
  document: PDFDocumentProxy
  scale: number
  size: { width: number; height: number } // of the first page
  now: number // what is read
  onSeen: (number: number) => void
}

/**
 * The pages of a file below each other, by groups: of those far from the window there is the height only. What is read
 * is drawn first, the others after it.
 */
export function Sheets({ document, ...pages }: Pages) {
  const [begun, setBegun] = useState(false)
  const drawn = useCallback(() => setBegun(true), [])
  const groups = Math.ceil(document.numPages / TOGETHER)
  return Array.from({ length: groups }, (_, place) => {
    const first = place * TOGETHER + 1
    const last = Math.min(first + TOGETHER - 1, document.numPages)
    return <Group key={place} document={document} first={first} last={last} begun={begun} onDrawn={drawn} {...pages} />
  })
}

/** Where it is once it was left: pages can be of another size than the first one. */
interface Left {
  height: number
  scale: number
}

function Group({ document, first, last, scale, size, now, begun, onSeen, onDrawn }: Pages & {
  first: number
  last: number
  begun: boolean
  onDrawn: () => void
}) {
  const frame = useRef<HTMLDivElement>(null)
  const at = useRef(scale)
  const [near, setNear] = useState(false)
  const [left, setLeft] = useState<Left>()
  const count = last - first + 1
  const shown = near || (first <= now && now <= last)
  useEffect(() => {
    at.current = scale
  }, [scale])
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const watched = new IntersectionObserver(
      ([one]) => {
        if (!one) return
        if (!one.isIntersecting) setLeft({ height: one.boundingClientRect.height, scale: at.current })
        setNear(one.isIntersecting)
      },
      { rootMargin: NEAR },
    )
    watched.observe(element)
    return () => watched.disconnect()
  }, [])
  const height = left ? `${(left.height * scale) / left.scale}px` : `calc(${count * size.height * scale}px + ${count - 1} * var(--between))`
  return (
    <div ref={frame} className="group" style={shown ? {} : { height }}>
      {shown &&
        Array.from({ length: count }, (_, place) => {
          const number = first + place
          return <Sheet key={number} document={document} number={number} scale={scale} size={size} may={begun || number === now} onSeen={onSeen} onDrawn={onDrawn} />
        })}
    </div>
  )
}
