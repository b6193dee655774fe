import type { MessageKey } from "../language/language"
import type { Permission } from "./me"

/** What each permission lets somebody do, in words. */
export const PERMISSION_WORDS = {
  "documents.send": "permission.send",
  "documents.read": "permission.read",
  "documents.recall": "permission.recall",
  "deliveries.acknowledge": "permission.acknowledge",
  "traces.read": "permission.traces",
  "evidence.read": "permission.evidence",
  "webhooks.manage": "permission.webhooks",
  "systems.manage": "permission.systems",
  "people.manage": "permission.people",
  "organisations.read": "permission.organisations",
  "organisations.manage": "permission.directory",
  "platform.operate": "permission.operate",
  "anchors.manage": "permission.anchors",
  "audit.read": "permission.audit",
  "statistics.read": "permission.statistics",
} as const satisfies Record<Permission, MessageKey>

/** From "documents.read documents.send"; names that nobody knows are left out. */
export function permissionsIn(written: string): Permission[] {
  return written.split(" ").filter((name): name is Permission => name in PERMISSION_WORDS)
}
