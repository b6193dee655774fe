// What the journal can say: every kind of entry with what it is about, and every member of what it tells. The list of
// the server is docs/formats/journal.md; kinds.test.ts compares.
import type { MessageKey } from "../../language/language"

/** What an id stands for. */
export type Thing = "document" | "delivery" | "system" | "webhook" | "organisation" | "person" | "post" | "digest" | "word"

export const KINDS = {
  accepted: "document",
  recipients_added: "document",
  judged: "document",
  refused: "digest",
  fetched: "delivery",
  acknowledged: "delivery",
  expired: "delivery",
  signed_in: "person",
  password_set: "person",
  totp_set: "person",
  totp_removed: "person",
  recovery_codes_made: "person",
  recovery_code_used: "person",
  passkey_added: "person",
  passkey_removed: "person",
  link_code_issued: "person",
  link_code_used: "person",
  oidc_linked: "person",
  oidc_unlinked: "person",
  sessions_ended: "person",
  person_added: "person",
  person_changed: "person",
  person_enabled: "person",
  person_disabled: "person",
  post_added: "post",
  post_closed: "post",
  appointed: "person",
  appointment_ended: "person",
  delegated: "person",
  delegation_ended: "person",
  system_put: "system",
  system_enabled: "system",
  system_disabled: "system",
  credential_issued: "system",
  credential_revoked: "system",
  probe_sent: "system",
  webhook_added: "webhook",
  webhook_changed: "webhook",
  webhook_paused: "webhook",
  webhook_resumed: "webhook",
  webhook_removed: "webhook",
  webhook_secret_rotated: "webhook",
  webhook_replayed: "webhook",
  organisations_put: "organisation",
  alias_put: "organisation",
  organisation_removed: "organisation",
  calendar_announced: "word",
  act_proposed: "word",
  act_decided: "word",
  assumption_set: "word",
  report_made: "word",
} as const satisfies Record<string, Thing>

export type Kind = keyof typeof KINDS

export const isKind = (name: string): name is Kind => Object.hasOwn(KINDS, name)

/** How the value of a member is shown. */
export type Form =
  | { as: "text" | "digest" | "number" | "bytes" | "moment" | "day" | "actor" | "permissions" | "forwarded" }
  | { as: "thing"; thing: Thing }
  | { as: "word"; words: Readonly<Record<string, MessageKey>> }

const text = { as: "text" } as const
const number = { as: "number" } as const
const digest = { as: "digest" } as const
const thing = (of: Thing) => ({ as: "thing", thing: of }) as const
const word = <T extends Readonly<Record<string, MessageKey>>>(words: T) => ({ as: "word", words }) as const

export const MEMBERS = {
  by: { as: "actor" },
  from: { as: "actor" },
  to: thing("organisation"),
  unknown: thing("organisation"),
  forwarded: { as: "forwarded" },
  kind: word({
    edoc: "journal.word.edoc",
    status: "journal.word.status",
    api_key: "systems.kind.api_key",
    client_secret: "systems.kind.client_secret",
    certificate: "systems.kind.certificate",
  }),
  urgency: word({ "0": "journal.word.ordinary", "1": "urgency.1", "2": "urgency.2", "3": "urgency.3", "4": "urgency.4" }),
  signatures: word({
    valid: "signatures.valid",
    undetermined: "signatures.undetermined",
    invalid: "signatures.invalid",
    unsigned: "signatures.unsigned",
    checking: "signatures.checking",
  }),
  code: word({
    "01": "status.01",
    "02": "status.02",
    "03": "status.03",
    "04": "status.04",
    "05": "status.05",
    "06": "status.06",
    "13": "journal.word.recall",
    "15": "status.15",
    "16": "status.16",
  }),
  about: thing("document"),
  delivery: thing("delivery"),
  deliveries: number,
  effect: word({ withdrawn: "delivery.withdrawn" }),
  word: word({ done: "delivery.done", fail: "delivery.fail", processing: "delivery.processing" }),
  description_bytes: { as: "bytes" },
  evidence: word({ Expiry: "journal.word.Expiry", AcceptanceRejectionExpiry: "journal.word.AcceptanceRejectionExpiry" }),
  size: { as: "bytes" },
  hash: digest,
  reason: text,
  detail: text,
  malware: text,
  first: number,
  count: number,
  days: number,
  name: text,
  alias: text,
  organisation: thing("organisation"),
  organisations: number,
  secret: word({ changed: "journal.word.changed" }),
  credential: number,
  permissions: { as: "permissions" },
  host: text,
  means: word({
    password_totp: "means.password_totp",
    password_recovery_code: "means.password_recovery_code",
    passkey: "means.passkey",
    oidc: "means.oidc",
  }),
  sessions_ended: number,
  left: number,
  id: digest,
  issuer: text,
  post: thing("post"),
  role: word({
    clerk: "journal.role.clerk",
    officer: "journal.role.officer",
    leader: "journal.role.leader",
    assistant: "journal.role.assistant",
    archivist: "journal.role.archivist",
    integrator: "journal.role.integrator",
    unit_admin: "journal.role.unit_admin",
    operator: "journal.role.operator",
    auditor: "journal.role.auditor",
    monitor: "journal.role.monitor",
  }),
  until: { as: "moment" },
  approval: number,
  act: word({
    system_disable: "journal.act.system_disable",
    system_enable: "journal.act.system_enable",
    credential_issue: "journal.act.credential_issue",
    anchor_add: "journal.act.anchor_add",
    anchor_remove: "journal.act.anchor_remove",
    organisation_remove: "journal.act.organisation_remove",
  }),
  state: word({
    waiting: "journal.word.waiting",
    approved: "journal.word.approved",
    rejected: "journal.word.rejected",
    withdrawn: "journal.word.withdrawn",
    failed: "journal.word.failed",
  }),
  version: number,
  value: text,
  low: text,
  high: text,
  valid_from: { as: "day" },
  report: number,
  csv: digest,
  pdf: digest,
} as const satisfies Record<string, Form>

export type Member = keyof typeof MEMBERS

export const isMember = (name: string): name is Member => Object.hasOwn(MEMBERS, name)
