import { type ReactNode, useEffect, useRef } from "react"
import { useSay } from "../language/language"

let visited = false

/** What a page begins with: the title of window and page. The focus goes to it, as a browser's would after a load. */
export function Page({ title, lead, beside, children }: { title: string; lead?: string; beside?: ReactNode; children: ReactNode }) {
  const say = useSay()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = say("page.title", { title })
  }, [say, title])
  useEffect(() => {
    if (visited && !document.querySelector("main :focus")) heading.current?.focus()
    visited = true
  }, [])
  return (
    <>
      <div className="head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
        {lead && <p className="lead">{lead}</p>}
      </div>
      {children}
    </>
  )
}
