// Anybody may ask whether a file went through the exchange: its fingerprint is computed in the browser, and goes out alone.
// To have its signatures judged, the file itself is sent, in a step of its own; it is not kept.
import "./verify.css"
import { useMutation } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"
import { Link, ProgressBar } from "react-aria-components"
import { useSession } from "../../api/session"
import { bytesText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { FileDrop } from "../../parts/FileDrop"
import { Icon } from "../../parts/Icon"
import { Failure } from "../../parts/States"
import { Page } from "../../shell/Page"
import { Answer } from "../known/Answer"
import { CodeField } from "../known/CodeField"
import { fingerprintOf, hexOf } from "../known/fingerprint"
import { BYTES_MOST, judge } from "./sending"
import { Verdict } from "./Verdict"

export function VerifyPage() {
  const say = useSay()
  const { status } = useSession()
  const [file, setFile] = useState<File>()
  const [done, setDone] = useState(0)
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  const print = useMutation({
    mutationFn: async (chosen: File) => {
      setDone(0)
      stop.current = new AbortController()
      return hexOf(await fingerprintOf(chosen, setDone, stop.current.signal))
    },
  })
  const choose = (chosen: File) => {
    stop.current.abort()
    setFile(chosen)
    print.reset()
    if (chosen.size > 0) print.mutate(chosen)
  }
  const stopped = isStopped(print.error)
  return (
    <Page title={say("verify.title")} lead={say("verify.lead")}>
      <div className="verify more">
        <FileDrop label={say("verify.drop")} button={say("verify.choose")} accept={[]} onFile={choose} isDisabled={print.isPending} />
        <p className="notice unprinted">
          <Icon name="lock" />
          <span>{say("verify.stays")}</span>
        </p>
        {file && <Chosen file={file} hash={print.data} wrong={file.size === 0 ? say("verify.empty") : undefined} />}
        {print.isPending && <Progress title={say("verify.hashing")} done={done} onStop={() => stop.current.abort()} />}
        {stopped && <p role="status">{say("verify.stopped")}</p>}
        {print.error !== null && !stopped && <p role="alert" className="notice bad">{say("verify.unreadable")}</p>}
        {file && print.data && (isBundle(file) ? <p className="notice">{say("verify.isBundle")}</p> : <Answer hash={print.data} />)}
        {file && print.data && <Signatures key={print.data} file={file} hash={print.data} />}
        <CodeField />
        {status === "none" && (
          <p className="small unprinted">
            <Link href="/">{say("signIn.title")}</Link>
          </p>
        )}
      </div>
    </Page>
  )
}

/** It is about documents, and is none. */
const isBundle = ({ name }: File) => /\.asice$/i.test(name)

const isStopped = (error: unknown) => error instanceof DOMException && error.name === "AbortError"

/** The second step, which somebody must want: the file leaves the machine. */
function Signatures({ file, hash }: { file: File; hash: string }) {
  const say = useSay()
  const [done, setDone] = useState(0)
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  const work = useMutation({
    mutationFn: () => {
      setDone(0)
      stop.current = new AbortController()
      return judge(file, setDone, stop.current.signal)
    },
  })
  const stopped = isStopped(work.error)
  if (work.data) return <Verdict report={work.data} hash={hash} />
  return (
    <section className="card unprinted" aria-labelledby="judging">
      <h2 id="judging">{say("verify.signatures")}</h2>
      <p>{say("verify.notKept")}</p>
      {file.size > BYTES_MOST ? (
        <p role="alert" className="notice bad">
          <Icon name="wrong" />
          <span>{say("verify.tooLarge")}</span>
        </p>
      ) : (
        !work.isPending &&
        (work.error === null || stopped) && (
          <div>
            <Button icon="outbox" onPress={() => work.mutate()}>
              {say("verify.send")}
            </Button>
          </div>
        )
      )}
      {work.isPending && <Progress title={done < 1 ? say("verify.sending") : say("verify.judging")} done={done} onStop={() => stop.current.abort()} />}
      {stopped && <p role="status">{say("verify.stoppedSending")}</p>}
      {work.error !== null && !stopped && <Failure error={work.error} again={() => work.mutate()} />}
    </section>
  )
}

function Chosen({ file, hash, wrong }: { file: File; hash: string | undefined; wrong: string | undefined }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <section className="card" aria-label={say("verify.file")}>
      <dl className="pairs">
        <dt>{say("verify.file")}</dt>
        <dd className="long">
          {[file.name, bytesText(file.size, language)].join(", ")}
        </dd>
        {hash && (
          <>
            <dt>{say("verify.hash")}</dt>
            <dd>
              <code className="long">{hash}</code>
              <br />
              <span className="small faint">{say("verify.hashAbout")}</span>
            </dd>
          </>
        )}
      </dl>
      {wrong && (
        <p role="alert" className="notice bad">
          <Icon name="wrong" />
          <span>{wrong}</span>
        </p>
      )}
    </section>
  )
}

function Progress({ title, done, onStop }: { title: string; done: number; onStop: () => void }) {
  const say = useSay()
  return (
    <ProgressBar className="progress" aria-label={title} value={100 * done}>
      {({ percentage, valueText }) => (
        <>
          <span className="row">
            <span role="status">{title}</span>
            <span>{valueText}</span>
            <Button look="bare" onPress={onStop}>
              {say("work.stop")}
            </Button>
          </span>
          <span className="bar">
            <span className="done" style={{ display: "block", width: `${percentage ?? 0}%` }} />
          </span>
        </>
      )}
    </ProgressBar>
  )
}
