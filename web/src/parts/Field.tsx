import type { ReactNode, Ref } from "react"
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps,
  FieldError,
  Input,
  type InputProps,
  Label,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
} from "react-aria-components"
import { Icon } from "./Icon"

export interface TextFieldProps {
  label: string
  hint?: string | undefined
  wrong?: string | undefined
  value: string
  onChange: (value: string) => void
  type?: "text" | "password" | "search"
  name?: string
  autoComplete?: InputProps["autoComplete"]
  inputMode?: "text" | "numeric"
  maxLength?: number
  required?: boolean
  fieldRef?: Ref<HTMLInputElement>
}

/** One line. What is wrong with it is read out with the field. */
export function TextField({ label, hint, wrong, value, onChange, required, fieldRef, ...input }: TextFieldProps) {
  return (
    <AriaTextField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={wrong !== undefined}
      isRequired={required ?? false}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Input {...input} className="input" {...(fieldRef ? { ref: fieldRef } : {})} />
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">
        <Icon name="wrong" />
        <span>{wrong}</span>
      </FieldError>
    </AriaTextField>
  )
}

/** Several lines. */
export function TextArea({ label, wrong, value, onChange, required, maxLength }: {
  label: string
  wrong?: string | undefined
  value: string
  onChange: (value: string) => void
  required?: boolean
  maxLength: number
}) {
  return (
    <AriaTextField
      className="field"
      value={value}
      onChange={onChange}
      isInvalid={wrong !== undefined}
      isRequired={required ?? false}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <AriaTextArea className="input" rows={3} maxLength={maxLength} />
      <FieldError className="wrong">
        <Icon name="wrong" />
        <span>{wrong}</span>
      </FieldError>
    </AriaTextField>
  )
}

export function Checkbox({ children, ...rest }: Omit<CheckboxProps, "className" | "style" | "children"> & { children: ReactNode }) {
  return (
    <AriaCheckbox {...rest} className="checkbox">
      <span className="box">
        <Icon name="check" />
      </span>
      {children}
    </AriaCheckbox>
  )
}
