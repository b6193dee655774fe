// Where the code on a printed document leads: what it stands for, and what to compare on the paper.
import { getRouteApi } from "@tanstack/react-router"
import { Link } from "react-aria-components"
import { useSay } from "../../language/language"
import { Page } from "../../shell/Page"
import { Answer } from "./Answer"
import { CodeField } from "./CodeField"
import { codeOf, hexOf, readCode } from "./fingerprint"

const route = getRouteApi("/verify/$code")

export function KnownPage() {
  const say = useSay()
  const { code } = route.useParams()
  const bytes = readCode(code)
  return (
    <Page key={code} title={say("known.title")} lead={say("known.lead", { host: location.host })}>
      <div className="verify more">
        {bytes ? (
          <>
            <Answer hash={hexOf(bytes)} printed />
            <p className="small faint">
              {say("known.is")} <code className="long">{codeOf(bytes)}</code>
            </p>
          </>
        ) : (
          <>
            <p role="alert" className="notice bad">
              {say("known.broken")}
            </p>
            <CodeField />
          </>
        )}
        <p className="unprinted">
          <Link href="/verify">{say("known.other")}</Link>
        </p>
      </div>
    </Page>
  )
}
