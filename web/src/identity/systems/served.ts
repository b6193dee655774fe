import type { Schemas } from "../../api/client"
import type { Say } from "../../language/language"

/** Whom a system serves: the first by name, and how many more. */
export const servedText = (first: Schemas["Party"] | undefined, total: number, say: Say) =>
  first ? say("systems.serving", { name: first.name || first.code, others: total - 1 }) : say("systems.servesNobody")
