// The roles a post can have, and where; what each allows is docs/operations/rights.md's.
import type { MessageKey } from "../../language/language"
import type { Schemas } from "../../api/client"

export type Role = Schemas["Post"]["roles"][number]

export const ROLE_WORDS = {
  clerk: "role.clerk",
  officer: "role.officer",
  leader: "role.leader",
  assistant: "role.assistant",
  archivist: "role.archivist",
  integrator: "role.integrator",
  unit_admin: "role.unitAdmin",
  operator: "role.operator",
  auditor: "role.auditor",
  monitor: "role.monitor",
} as const satisfies Record<Role, MessageKey>

const ALL = Object.keys(ROLE_WORDS) as Role[]
const OF_PLATFORM: readonly Role[] = ["operator", "auditor", "monitor"]

export const rolesOf = (platform: boolean): readonly Role[] => (platform ? OF_PLATFORM : ALL.filter((role) => role !== "operator"))
