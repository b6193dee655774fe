// What the document says of itself: typed, offered where the file says it, and held against the file.
import { useRef } from "react"
import { useSay, type MessageKey } from "../../language/language"
import { dayText } from "../../language/dates"
import { useLanguage } from "../../language/language"
import { Button } from "../../parts/Button"
import { DateField } from "../../parts/DateField"
import { TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { Radios } from "../../parts/Radios"
import { Select } from "../../parts/Select"
import { draft, type Draft, type FieldName, FIELDS, useDraft } from "./draft"
import { KINDS } from "./kinds"
import type { Readings } from "./readings"

export const NEEDED: readonly FieldName[] = ["code_number", "code_notation", "promulgation_date", "subject"]

const LABELS = {
  code_number: "send.number",
  code_notation: "send.notation",
  place: "send.place",
  promulgation_date: "document.issued",
  due_date: "send.due",
  type_name: "send.kind",
  subject: "document.subject",
  signer_position: "send.signerPosition",
  signer_name: "send.signer",
} as const satisfies Record<FieldName, MessageKey>

const LONGEST: Partial<Record<FieldName, number>> = { subject: 4000 }
const isDay = (name: FieldName) => name.endsWith("_date")
const said = (readings: Readings, name: FieldName) => (name in readings ? readings[name as keyof Readings & FieldName] : undefined)
const alike = (a: string, b: string) => {
  const plain = (text: string) => text.normalize("NFC").toLocaleLowerCase("vi").replace(/\s+/g, " ").trim()
  return plain(a) === plain(b)
}

const put = (name: FieldName, value: string) => draft.change({ fields: { ...draft.now().fields, [name]: value } })

/** Takes over what the file says where nothing has been typed. */
function fill(readings: Readings) {
  const { fields } = draft.now()
  const offered = FIELDS.map((name) => [name, said(readings, name)] as const)
  draft.change({ fields: { ...fields, ...Object.fromEntries(offered.filter(([name, value]) => value && (fields[name] === "" || name === "type_name"))) } })
}

export function Metadata({ readings, wrong }: { readings: Readings | undefined; wrong: (name: string) => string | undefined }) {
  const say = useSay()
  const { fields } = useDraft()
  const grid = useRef<HTMLDivElement>(null)
  const offers = readings && FIELDS.some((name) => said(readings, name) && fields[name] === "")
  const common = (name: FieldName) => ({
    label: say(LABELS[name]),
    value: fields[name],
    onChange: (value: string) => put(name, value),
    wrong: wrong(name),
    required: NEEDED.includes(name),
  })
  const line = (name: FieldName, whole = false) => (
    <div className={whole ? "whole" : ""}>
      {isDay(name) ? (
        <DateField {...common(name)} />
      ) : (
        <TextField {...common(name)} maxLength={LONGEST[name] ?? 1000} autoComplete="off" />
      )}
      <Said name={name} typed={fields[name]} readings={readings} />
    </div>
  )
  return (
    <>
      <div role="status" className={offers ? "" : "hidden"}>
        {offers && (
          <p className="notice">
            <Icon name="told" />
            <span>{say("send.offer")}</span>
            <Button
              onPress={() => {
                fill(readings)
                // The button is gone with its offer; whoever pressed it goes on with what it has filled.
                grid.current?.querySelector("input")?.focus()
              }}
            >
              {say("send.takeAll")}
            </Button>
          </p>
        )}
      </div>
      <div ref={grid} className="grid">
        {line("code_number")}
        {line("code_notation")}
        {line("promulgation_date")}
        <div>
          <Select
            label={say("send.kind")}
            choices={KINDS.map((kind) => ({ value: kind as string, text: kind }))}
            value={fields.type_name}
            onChange={(kind) => put("type_name", kind)}
          />
          <Said name="type_name" typed={fields.type_name} readings={readings} />
        </div>
        {line("subject", true)}
        {line("place")}
        {line("signer_position")}
        {line("signer_name")}
        {line("due_date")}
      </div>
    </>
  )
}

/** What the file says there, if it says anything. */
function Said({ name, typed, readings }: { name: FieldName; typed: string; readings: Readings | undefined }) {
  const say = useSay()
  const { language } = useLanguage()
  const value = readings && said(readings, name)
  if (!value) return null
  if (alike(value, typed))
    return (
      <p className="said same">
        <Icon name="check" />
        {say("send.asFile")}
      </p>
    )
  const shown = isDay(name) ? dayText(value, language) : value
  return (
    <p className={typed === "" ? "said" : "said differs"}>
      {typed !== "" && <Icon name="late" />}
      {say(typed === "" ? "send.fileSays" : "send.fileDiffers", { value: shown })}
      <Button look="bare" aria-label={say("send.takeFor", { field: say(LABELS[name]) })} onPress={() => put(name, value)}>
        {say("send.take")}
      </Button>
    </p>
  )
}

const URGENCIES = ["0", "1", "2", "3"] as const

export function Urgency() {
  const say = useSay()
  const { urgency } = useDraft()
  return (
    <>
      <Radios<Draft["urgency"]>
        label={say("document.urgency")}
        value={urgency}
        onChange={(chosen) => draft.change({ urgency: chosen })}
        choices={URGENCIES.map((value) => ({ value, text: value === "0" ? say("send.plain") : say(`urgency.${value}`) }))}
      />
      {urgency !== "0" && (
        <p className="notice bad" role="status">
          <Icon name="urgent" />
          <span>{say("send.urgentLane")}</span>
        </p>
      )}
    </>
  )
}
