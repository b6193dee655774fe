import { Button, Label, ListBox, ListBoxItem, Popover, Select as AriaSelect, SelectValue } from "react-aria-components"
import { Icon } from "./Icon"

export interface Choice<T extends string> {
  value: T
  text: string
}

/** One of few. */
export function Select<T extends string>(props: {
  label: string
  choices: readonly Choice<T>[]
  value: T
  onChange: (value: T) => void
}) {
  return (
    <AriaSelect
      className="field"
      selectedKey={props.value}
      onSelectionChange={(key) => {
        const chosen = props.choices.find((one) => one.value === key)
        if (chosen) props.onChange(chosen.value)
      }}
    >
      <Label>{props.label}</Label>
      <Button className="select-button">
        <SelectValue />
        <Icon name="down" />
      </Button>
      <Popover className="popover">
        <ListBox className="menu" items={props.choices}>
          {(one) => (
            <ListBoxItem id={one.value} className="item" textValue={one.text}>
              {one.text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
