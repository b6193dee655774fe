import { SignIn } from "../identity/sign-in/SignIn"
import { useSay } from "../language/language"
import { Dialog } from "../parts/Dialog"

/** The session is over while somebody works: they sign in here, and what they were doing goes on where it stood. */
export function SessionEnd() {
  const say = useSay()
  return (
    <Dialog title={say("sessionEnd.title")} open urgent>
      <p>{say("sessionEnd.text")}</p>
      <SignIn />
    </Dialog>
  )
}
