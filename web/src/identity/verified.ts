// Some calls take somebody who has just shown that it is them: the server says so, and a passkey is asked for then.
import { ProblemError } from "@truc/client/problem"
import { api, given } from "../api/client"
import { session } from "../api/session"
import { show } from "./sign-in/passkey"

const NEEDED = new Set(["identity.verification_needed", "identity.verify_again"])

/** Does it; when the server wants its reader verified first, asks for a passkey and does it again. */
export async function verified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProblemError) || !NEEDED.has(error.reason)) throw error
    const { ceremony, options } = await given(api.POST("/api/v1/session/step-up/options"))
    const answer = (await show(options)) as Record<string, never>
    session.opened(await given(api.POST("/api/v1/session/step-up", { body: { ceremony, answer } })))
    return work()
  }
}
