import { Button as AriaButton, DropZone, FileTrigger, Text } from "react-aria-components"
import { Icon } from "./Icon"

/** A place to drop one file, and a button to choose it instead. */
export function FileDrop({ label, button, accept, onFile, isDisabled }: {
  label: string
  button: string
  accept: readonly string[]
  onFile: (file: File) => void
  isDisabled?: boolean
}) {
  return (
    <DropZone
      className="drop"
      isDisabled={isDisabled ?? false}
      onDrop={({ items }) => {
        const dropped = items.find((item) => item.kind === "file")
        if (dropped) void dropped.getFile().then(onFile)
      }}
    >
      <Text slot="label">{label}</Text>
      <FileTrigger
        acceptedFileTypes={[...accept]}
        onSelect={(files) => {
          const file = files?.[0]
          if (file) onFile(file)
        }}
      >
        <AriaButton className="button" isDisabled={isDisabled ?? false}>
          <Icon name="outbox" />
          {button}
        </AriaButton>
      </FileTrigger>
    </DropZone>
  )
}
