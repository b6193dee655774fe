// Anybody may have a signed file judged, without signing in. The file is sent, judged, and not kept.
import "./verify.css"
import { useMutation } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { Link, ProgressBar } from "react-aria-components"
import { useSession } from "../../api/session"
import { bytesText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { FileDrop } from "../../parts/FileDrop"
import { Icon } from "../../parts/Icon"
import { Failure } from "../../parts/States"
import { Page } from "../../shell/Page"
import { BYTES_MOST, hashOf, judge } from "./sending"
import { Verdict } from "./Verdict"

const TAKEN = [".pdf", ".edxml", ".asice", ".zip", ".xml", ".p7m", ".p7s"] as const

export function VerifyPage() {
  const say = useSay()
  const { status } = useSession()
  const [file, setFile] = useState<File>()
  const [hash, setHash] = useState<string>()
  const [done, setDone] = useState(0)
  const stop = useRef(new AbortController())
  const work = useMutation({
    mutationFn: async (chosen: File) => {
      stop.current = new AbortController()
      setDone(0)
      setHash(undefined)
      setHash(await hashOf(chosen))
      return judge(chosen, setDone, stop.current.signal)
    },
  })
  const fits = file !== undefined && file.size > 0 && file.size <= BYTES_MOST
  const choose = (chosen: File) => {
    setFile(chosen)
    setHash(undefined)
    work.reset()
    if (chosen.size > 0 && chosen.size <= BYTES_MOST) work.mutate(chosen)
  }
  const stopped = work.error instanceof DOMException
  return (
    <Page title={say("verify.title")} lead={say("verify.lead")}>
      <div className="verify more">
        <FileDrop label={say("verify.drop")} button={say("verify.choose")} accept={TAKEN} onFile={choose} isDisabled={work.isPending} />
        <p className="notice unprinted">
          <Icon name="lock" />
          <span>{say("verify.notKept")}</span>
        </p>
        {file && <Chosen file={file} hash={hash} wrong={file.size === 0 ? say("verify.empty") : fits ? undefined : say("verify.tooLarge")} />}
        {work.isPending && <Sending done={done} onStop={() => stop.current.abort()} />}
        {stopped && <p role="status">{say("verify.stopped")}</p>}
        {work.error !== null && !stopped && file && <Failure error={work.error} again={() => work.mutate(file)} />}
        {work.data && <Verdict report={work.data} hash={hash} />}
        {status === "none" && (
          <p className="small unprinted">
            <Link href="/">{say("signIn.title")}</Link>
          </p>
        )}
      </div>
    </Page>
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

function Sending({ done, onStop }: { done: number; onStop: () => void }) {
  const say = useSay()
  const title = done < 1 ? say("verify.sending") : say("verify.judging")
  return (
    <ProgressBar className="progress" aria-label={say("verify.sending")} value={100 * done}>
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
