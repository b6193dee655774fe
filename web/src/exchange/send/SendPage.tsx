// Sending by hand: the file, what it says, to whom. For organisations without software of their own.
import { useNavigate } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { ProgressBar } from "react-aria-components"
import { ProblemError } from "@truc/client/problem"
import { textOf } from "../../api/client"
import { useOwnOrganisations } from "../../identity/me"
import { bytesText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button, ButtonLink } from "../../parts/Button"
import { FileDrop } from "../../parts/FileDrop"
import { Icon } from "../../parts/Icon"
import { Select } from "../../parts/Select"
import { Failure } from "../../parts/States"
import { tell } from "../../parts/tell"
import { Page } from "../../shell/Page"
import { draft, type Draft, FIELDS, isEdxml, useDraft } from "./draft"
import { Metadata, NEEDED, Urgency } from "./Metadata"
import { Chosen, Finder } from "./Recipients"
import { NoReader, read } from "./reading"
import type { Readings } from "./readings"
import { forget, send, type Sending, useSending } from "./sending"
import "./send.css"

export function SendPage() {
  const say = useSay()
  const sending = useSending()
  return (
    <Page title={say("send.title")} lead={say("send.lead")}>
      {sending.step === "done" && sending.accepted ? <Sent accepted={sending.accepted} /> : <SendForm sending={sending} />}
    </Page>
  )
}

/** Which field it is about; nobody of the recipients being known is said of all of them, without a pointer. */
function pointerOf(error: unknown): string {
  if (!(error instanceof ProblemError)) return ""
  return error.pointer ?? (error.reason === "exchange.recipients_unknown" ? "/to" : "")
}

/** What is wrong with a field: the server's word on it, or that it is empty. */
function wrongIn(error: unknown, language: "vi" | "en", missing: ReadonlySet<string>, empty: string) {
  const pointer = pointerOf(error)
  return (name: string) => {
    if (error instanceof ProblemError && (pointer === `/${name}` || pointer.startsWith(`/${name}/`))) return textOf(error, language)
    return missing.has(name) ? empty : undefined
  }
}

function missingIn(now: Draft): string[] {
  if (!now.file) return ["file"]
  if (isEdxml(now.file.name)) return []
  return [...NEEDED.filter((name) => now.fields[name].trim() === ""), ...(now.to.length === 0 ? ["to"] : [])]
}

function SendForm({ sending }: { sending: Sending }) {
  const say = useSay()
  const { language } = useLanguage()
  const now = useDraft()
  const readings = useReadings(now)
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const { codes } = useOwnOrganisations("documents.send")
  const from = codes.includes(now.from) ? now.from : (codes[0] ?? "")
  const missing = new Set(tried ? missingIn(now) : [])
  const wrong = wrongIn(sending.error, language, missing, say("field.missing"))
  const busy = sending.step !== "none"
  const whole = now.file !== undefined && isEdxml(now.file.name)
  const submit = () => {
    setTried(true)
    if (missingIn(now).length === 0 && draft.file()) void send(say("send.working", { name: now.file?.name ?? "" }), from)
    else {
      const first = draft.file() ? "[aria-invalid=true]" : ".drop .button"
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>(first)?.focus())
    }
  }
  return (
    <form
      ref={form}
      className="more"
      aria-label={say("send.title")}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <section className="card" aria-labelledby="send-file">
        <h2 id="send-file">{say("send.file")}</h2>
        <FilePart now={now} busy={busy} missing={missing.has("file") || (tried && !draft.file())} readings={readings} />
      </section>
      {!whole && (
        <>
          <section className="card" aria-labelledby="send-about">
            <h2 id="send-about">{say("send.about")}</h2>
            {codes.length > 1 && (
              <Select label={say("document.sender")} choices={codes.map((value) => ({ value, text: value }))} value={from} onChange={(code) => draft.change({ from: code })} />
            )}
            <Metadata readings={readings?.found} wrong={wrong} />
            <Urgency />
          </section>
          <section className="card" aria-labelledby="send-to">
            <h2 id="send-to">{say("send.to")}</h2>
            {wrong("to") && <Missing text={missing.has("to") ? say("send.toMissing") : (wrong("to") ?? "")} />}
            <Finder />
            <Chosen size={now.file?.size ?? 0} wrong={(place) => (sending.error ? wrong(`to/${place}`) : undefined)} />
          </section>
        </>
      )}
      {sending.error !== null && !placed(sending.error) && <Failure error={sending.error} />}
      <Progress sending={sending} />
      <div className="row">
        <Button type="submit" look="first" icon="outbox" isPending={busy}>
          {say("send.send")}
        </Button>
        {!busy && (now.file || now.to.length > 0) && (
          <Button look="bare" onPress={draft.clear}>
            {say("send.clear")}
          </Button>
        )}
        <span className="small faint">{say("send.kept")}</span>
      </div>
    </form>
  )
}

const PLACES = new Set<string>([...FIELDS, "to"])
/** Whether it is said at a field. */
const placed = (error: unknown) => PLACES.has(pointerOf(error).split("/")[1] ?? "")

function Missing({ text }: { text: string }) {
  return (
    <p className="field" role="alert">
      <span className="wrong">
        <Icon name="wrong" />
        {text}
      </span>
    </p>
  )
}

interface Read {
  found?: Readings
  unreadable: boolean
}

/** What the chosen file says, once it has been read. */
function useReadings(now: Draft): Read | undefined {
  const file = now.file && draft.file()
  const [done, setDone] = useState<{ file: File; read: Read }>()
  useEffect(() => {
    if (!file) return
    let over = false
    read(file).then(
      (found) => !over && setDone({ file, read: { found, unreadable: false } }),
      (error: unknown) => !over && setDone({ file, read: { unreadable: !(error instanceof NoReader) } }),
    )
    return () => {
      over = true
    }
  }, [file])
  return file && done?.file === file ? done.read : undefined
}

const ACCEPTED = [".pdf", "application/pdf", ".edxml", ".xml"]

function FilePart({ now, busy, missing, readings }: { now: Draft; busy: boolean; missing: boolean; readings: Read | undefined }) {
  const say = useSay()
  const { language } = useLanguage()
  const lost = now.file && !draft.file()
  const whole = now.file && isEdxml(now.file.name)
  return (
    <>
      <p role="status" className={now.file && !lost ? "row" : "hidden"}>
        {now.file && !lost && (
          <>
            <Icon name="check" />
            <b>{now.file.name}</b>
            <span className="faint">{bytesText(now.file.size, language)}</span>
          </>
        )}
      </p>
      {now.file && lost && (
        <p className="notice waiting" role="status">
          <Icon name="late" />
          <span>{say(now.file.upload ? "send.chooseAgainGoesOn" : "send.chooseAgain", { name: now.file.name })}</span>
        </p>
      )}
      {readings?.unreadable && (
        <p className="notice bad" role="status">
          <Icon name="wrong" />
          <span>{say("send.unreadable")}</span>
        </p>
      )}
      {whole && readings?.found && <Whole found={readings.found} />}
      {missing && <Missing text={say("send.fileMissing")} />}
      <FileDrop
        label={say("send.drop")}
        button={now.file && !lost ? say("send.chooseOther") : say("send.choose")}
        accept={ACCEPTED}
        onFile={draft.choose}
        isDisabled={busy}
      />
    </>
  )
}

const NOTHING = "–"

/** An edXML file says everything itself. */
function Whole({ found }: { found: Readings }) {
  const say = useSay()
  const code = [found.code_number, found.code_notation].filter(Boolean).join("/")
  return (
    <>
      <p>{say("send.whole")}</p>
      <dl className="pairs">
        <dt>{say("document.code")}</dt>
        <dd>{code || NOTHING}</dd>
        <dt>{say("document.subject")}</dt>
        <dd>{found.subject ?? NOTHING}</dd>
        <dt>{say("send.to")}</dt>
        <dd>{found.recipients?.join("; ") || NOTHING}</dd>
      </dl>
    </>
  )
}

function Progress({ sending }: { sending: Sending }) {
  const say = useSay()
  if (sending.step !== "upload" && sending.step !== "submit") return null
  return (
    <div className="more" role="status">
      {sending.step === "upload" ? (
        <ProgressBar className="progress" aria-label={say("send.uploading")} value={100 * sending.done}>
          {({ percentage, valueText }) => (
            <>
              <span className="row">
                <span>{say("send.uploading")}</span>
                {/* The bar has it for whoever asks; said with each step it would drown everything else. */}
                <span aria-hidden="true">{valueText}</span>
              </span>
              <span className="bar">
                <span className="done" style={{ display: "block", width: `${percentage ?? 0}%` }} />
              </span>
            </>
          )}
        </ProgressBar>
      ) : (
        <p>{say("send.submitting")}</p>
      )}
      {sending.broken && (
        <p className="notice waiting">
          <Icon name="offline" />
          <span>{say("send.broken")}</span>
        </p>
      )}
    </div>
  )
}

/** It is at the exchange. Where nobody was left out its page opens at once. */
function Sent({ accepted }: { accepted: NonNullable<Sending["accepted"]> }) {
  const say = useSay()
  const { language } = useLanguage()
  const navigate = useNavigate()
  const plain = accepted.unknown.length === 0 && accepted.objections.length === 0
  const sentence = accepted.resent ? say("send.resent") : say("send.done", { count: accepted.deliveries })
  useEffect(() => {
    if (!plain) return
    tell(sentence)
    forget()
    void navigate({ to: "/documents/$id", params: { id: accepted.id } })
  }, [plain, sentence, navigate, accepted.id])
  if (plain) return null
  return (
    <section className="card" aria-labelledby="sent">
      <h2 id="sent">{sentence}</h2>
      {accepted.unknown.length > 0 && <p>{say("send.unknown", { codes: accepted.unknown.join(", ") })}</p>}
      <ul className="lines">
        {accepted.objections.map((one) => (
          <li key={one.recipient}>
            <b>{one.recipient}</b>
            <span className="grows">{language === "vi" ? one.detail_vi : one.detail_en}</span>
          </li>
        ))}
      </ul>
      <div className="row">
        <ButtonLink href={`/documents/${accepted.id}`} look="first">
          {say("send.toDocument")}
        </ButtonLink>
        <Button onPress={forget}>{say("send.another")}</Button>
      </div>
    </section>
  )
}
