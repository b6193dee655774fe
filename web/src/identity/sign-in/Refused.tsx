import { ProblemError } from "@truc/client/problem"
import { Disconnected, textOf } from "../../api/client"
import { useLanguage, useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"
import { PasskeyDismissed } from "./passkey"

/** Why it did not work, read out at once. */
export function Refused({ error }: { error: unknown }) {
  const say = useSay()
  const { language } = useLanguage()
  let text = ""
  if (error instanceof PasskeyDismissed) text = say("signIn.dismissed")
  else if (error instanceof ProblemError) text = textOf(error, language)
  else if (error instanceof Disconnected) text = say("state.offlineRemedy")
  else if (error) text = say("state.failedRemedy")
  return (
    <div role="alert">
      {text !== "" && (
        <p className="field">
          <span className="wrong">
            <Icon name="wrong" />
            {text}
          </span>
        </p>
      )}
    </div>
  )
}
