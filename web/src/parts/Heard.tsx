import { useEffect, useState } from "react"

const STAYS_MS = 5000

/** Says it to screen readers when it comes or changes. Then it is gone, so that nobody who reads the page has it twice. */
export function Heard({ text }: { text: string }) {
  const [said, setSaid] = useState("")
  useEffect(() => {
    const begins = setTimeout(() => setSaid(text), 100) // after the region itself is there
    const ends = setTimeout(() => setSaid(""), STAYS_MS)
    return () => {
      clearTimeout(begins)
      clearTimeout(ends)
    }
  }, [text])
  return (
    <p role="status" className="hidden">
      {said}
    </p>
  )
}
