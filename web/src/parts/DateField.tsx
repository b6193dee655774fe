import { lazy, Suspense } from "react"

export interface DateFieldProps {
  label: string
  hint?: string | undefined
  wrong?: string | undefined
  /** As the API writes it: "2026-11-20"; "" without a day. */
  value: string
  onChange: (value: string) => void
  required?: boolean
}

const DateContent = lazy(async () => ({ default: (await import("./DateContent")).DateContent }))

/** A day: dd/mm/yyyy whatever the browser's language is. Typed, pasted, or chosen from a calendar, which comes when asked for. */
export function DateField(props: DateFieldProps) {
  return (
    <Suspense fallback={<Coming label={props.label} />}>
      <DateContent {...props} />
    </Suspense>
  )
}

/** Of the same size, so that nothing moves. */
function Coming({ label }: { label: string }) {
  return (
    <div className="field" aria-busy="true">
      <span className="label">{label}</span>
      <div className="input" />
    </div>
  )
}
