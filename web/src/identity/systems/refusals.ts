// Why calls are refused, in words with what to do: by the reasons that those who connect a system meet.
import type { MessageKey } from "../../language/language"

const WORDS: Record<string, MessageKey> = {
  "vxp.signature": "systems.why.signature",
  "identity.bad_client": "systems.why.client",
  "identity.bad_token": "systems.why.token",
  "identity.not_permitted": "systems.why.permission",
  "identity.system_disabled": "systems.why.disabled",
  "rest.too_many_requests": "systems.why.rate",
}

/** The words for a reason; others are told apart by who refused: the national protocol, or our own API. */
export function refusalWords(reason: string): MessageKey {
  return WORDS[reason] ?? (reason.startsWith("vxp.") || reason.startsWith("edxml.") ? "systems.why.message" : "systems.why.request")
}
