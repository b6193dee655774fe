import type { ReactNode } from "react"
import { useSay } from "../../language/language"
import { Switches } from "../../shell/Switches"
import { OfflineBar } from "../../shell/OfflineBar"
import { SignIn } from "./SignIn"
import { Link } from "react-aria-components"

/** What somebody sees who is not signed in. The address stays: after signing in they are where they wanted to be. */
export function Door({ children }: { children?: ReactNode }) {
  const say = useSay()
  return (
    <div className="door">
      <header className="top">
        <a className="brand" href="/">
          <img src="/favicon.svg" alt="" />
          {say("shell.name")} <span className="of">{say("shell.of")}</span>
        </a>
        <Switches />
        <OfflineBar />
      </header>
      <main id="page" tabIndex={-1}>
        <div className="card">
          {children ?? (
            <>
              <h1>{say("signIn.title")}</h1>
              <SignIn />
              <p className="small">
                {say("signIn.firstTime")} <Link href="/enrolment">{say("signIn.useLinkCode")}</Link>
              </p>
              <p className="small">
                <Link href="/verify">{say("verify.title")}</Link>
              </p>
              <p className="small">
                <Link href="/log">{say("log.title")}</Link>
              </p>
              <p className="small">
                <Link href="/open-figures">{say("openFigures.title")}</Link>
              </p>
            </>
          )}
        </div>
      </main>
    </div>
  )
}
