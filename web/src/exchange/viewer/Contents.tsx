// What is in a paper: its own table of contents, if it has one, and each page in small.
import type { PDFDocumentProxy } from "pdfjs-dist"
import { useEffect, useRef, useState } from "react"
import { Button as Pressed } from "react-aria-components"
import { useSay } from "../../language/language"
import { type Heading, headingsOf } from "./headings"

const WIDTH = 96 // of a page in small, CSS pixels
const NEAR = "200px 0px"

export function Contents({ document, size, now, go }: {
  document: PDFDocumentProxy
  size: { width: number; height: number } // of the first page
  now: number
  go: (number: number) => void
}) {
  const say = useSay()
  const headings = useHeadings(document)
  return (
    <nav className="contents" aria-label={say("viewer.contents")}>
      {headings.length > 0 && (
        <>
          <h2 className="small">{say("viewer.headings")}</h2>
          <ol className="headings">
            {headings.map((heading, place) => (
              <li key={place} style={{ paddingInlineStart: `calc(var(--step) * ${heading.depth * 3})` }}>
                <Pressed className="plain" onPress={() => go(heading.page)}>
                  {say("viewer.heading", { title: heading.title, page: heading.page })}
                </Pressed>
              </li>
            ))}
          </ol>
        </>
      )}
      <h2 className="small">{say("viewer.pages")}</h2>
      <ol className="small-pages">
        {Array.from({ length: document.numPages }, (_, place) => (
          <SmallPage key={place} document={document} number={place + 1} size={size} isNow={now === place + 1} go={go} />
        ))}
      </ol>
    </nav>
  )
}

function useHeadings(document: PDFDocumentProxy): Heading[] {
  const [headings, setHeadings] = useState<Heading[]>([])
  useEffect(() => {
    let over = false
    headingsOf(document).then(
      (found) => !over && setHeadings(found),
      () => undefined, // a broken table of contents is none
    )
    return () => {
      over = true
    }
  }, [document])
  return headings
}

/** Drawn when it comes near the window; its number is its name. */
function SmallPage({ document, number, size, isNow, go }: {
  document: PDFDocumentProxy
  number: number
  size: { width: number; height: number }
  isNow: boolean
  go: (number: number) => void
}) {
  const say = useSay()
  const frame = useRef<HTMLLIElement>(null)
  const picture = useRef<HTMLCanvasElement>(null)
  const [near, setNear] = useState(false)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const watched = new IntersectionObserver(([one]) => one?.isIntersecting && setNear(true), { rootMargin: NEAR })
    watched.observe(element)
    return () => watched.disconnect()
  }, [])
  useEffect(() => {
    if (isNow) frame.current?.scrollIntoView({ block: "nearest" })
  }, [isNow])
  useEffect(() => {
    const canvas = picture.current
    if (!near || !canvas) return
    let end = () => {}
    let over = false
    document.getPage(number).then(
      (page) => {
        if (over) return
        const whole = page.getViewport({ scale: 1 })
        const viewport = page.getViewport({ scale: WIDTH / whole.width })
        canvas.width = Math.floor(viewport.width)
        canvas.height = Math.floor(viewport.height)
        const drawing = page.render({ canvas, viewport })
        drawing.promise.catch(() => undefined) // given up
        end = () => drawing.cancel()
      },
      () => undefined,
    )
    return () => {
      over = true
      end()
    }
  }, [document, number, near])
  return (
    <li ref={frame}>
      <Pressed className="plain" aria-label={say("viewer.page", { number })} {...(isNow ? { "aria-current": "page" } : {})} onPress={() => go(number)}>
        <canvas ref={picture} aria-hidden="true" width={WIDTH} height={Math.round((WIDTH * size.height) / size.width)} />
        <span className="small">{number}</span>
      </Pressed>
    </li>
  )
}
