import { useEffect, useRef, useState } from "react"
import { Button as AriaButton, FileTrigger } from "react-aria-components"
import { Icon } from "./Icon"

/**
 * A place to drop one file, and a button to choose it instead. The place is for the mouse alone: by keyboard it would be
 * a second button that says the same and does nothing.
 */
export function FileDrop({ label, button, accept, onFile, isDisabled = false }: {
  label: string
  button: string
  accept: readonly string[]
  onFile: (file: File) => void
  isDisabled?: boolean
}) {
  const place = useRef<HTMLDivElement>(null)
  const [over, setOver] = useState(false)
  useEffect(() => {
    const element = place.current
    if (!element || isDisabled) return
    const listening = new AbortController()
    const on = (kind: "dragover" | "dragleave" | "drop", heard: (event: DragEvent) => void) => element.addEventListener(kind, heard, { signal: listening.signal })
    on("dragover", (event) => {
      event.preventDefault()
      setOver(true)
    })
    on("dragleave", () => setOver(false))
    on("drop", (event) => {
      event.preventDefault()
      setOver(false)
      const file = event.dataTransfer?.files[0]
      if (file) onFile(file)
    })
    return () => listening.abort()
  }, [onFile, isDisabled])
  return (
    <div ref={place} className="drop" data-drop-target={over || undefined}>
      <span slot="label">{label}</span>
      <FileTrigger
        acceptedFileTypes={[...accept]}
        onSelect={(files) => {
          const file = files?.[0]
          if (file) onFile(file)
        }}
      >
        <AriaButton className="button" isDisabled={isDisabled}>
          <Icon name="outbox" />
          {button}
        </AriaButton>
      </FileTrigger>
    </div>
  )
}
