// The code of an organisation: typed, or found by a part of its name; whose it is stands below.
import { ProblemError } from "@truc/client/problem"
import { query } from "../../api/client"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { TextField } from "../../parts/Field"
import { useRested } from "../../parts/rested"

const SHOWN = 6

export function CodeField({ label, value, onChange, wrong, required }: {
  label: string
  value: string
  onChange: (value: string) => void
  wrong?: string | undefined
  required?: boolean
}) {
  const say = useSay()
  const code = useRested(value.trim())
  const known = query.useQuery("get", "/api/v1/organisations/{code}", { params: { path: { code } } }, { enabled: code !== "", staleTime: 60_000 })
  const unknown = code !== "" && known.error instanceof ProblemError
  const found = query.useQuery("get", "/api/v1/organisations", { params: { query: { q: code, limit: SHOWN } } }, { enabled: unknown })
  const settled = code === value.trim()
  const hints = unknown && settled ? (found.data?.items ?? []) : []
  return (
    <div className="more tight">
      <TextField
        label={label}
        hint={say("administration.codeHint")}
        value={value}
        onChange={onChange}
        wrong={wrong ?? (unknown && settled && found.data && hints.length === 0 ? say("administration.codeUnknown") : undefined)}
        maxLength={100}
        autoComplete="off"
        required={required ?? false}
      />
      <p role="status" className="small">
        {settled && known.data ? known.data.name || known.data.code : ""}
        {hints.length > 0 ? say("administration.codeHints", { count: hints.length }) : ""}
      </p>
      {hints.length > 0 && (
        <ul className="row">
          {hints.map((one) => (
            <li key={one.code}>
              <Button onPress={() => onChange(one.code)}>
                {one.name || one.code} <span className="faint">{one.code}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
