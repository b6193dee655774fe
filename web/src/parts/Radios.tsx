import { Label, Radio, RadioGroup } from "react-aria-components"
import type { Choice } from "./Select"

/** One of very few, all of them seen. */
export function Radios<T extends string>({ label, choices, value, onChange }: {
  label: string
  choices: readonly Choice<T>[]
  value: T
  onChange: (value: T) => void
}) {
  return (
    <RadioGroup
      className="field radios"
      value={value}
      onChange={(chosen) => {
        const found = choices.find((one) => one.value === chosen)
        if (found) onChange(found.value)
      }}
    >
      <Label className="label">{label}</Label>
      <div className="row">
        {choices.map((one) => (
          <Radio key={one.value} value={one.value} className="radio">
            <span className="dot" />
            {one.text}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}
