// What a proposal changes, in words: how it is now, and how it will be once it is approved.
import { query, type Schemas } from "../../api/client"
import { useSay } from "../../language/language"
import { organisationHref, useOrganisationName } from "../administration/names"
import { PERMISSION_WORDS, permissionsIn } from "../permissions"
import { Link } from "react-aria-components"

type Approval = Schemas["Approval"]
const FIRST = 5

export function Will({ approval }: { approval: Approval }) {
  switch (approval.act) {
    case "system_disable":
    case "system_enable":
      return <OfSystem approval={approval} enable={approval.act === "system_enable"} />
    case "credential_issue":
      return <OfCredential approval={approval} />
    case "organisation_remove":
      return <OfOrganisation approval={approval} />
    case "anchor_add":
    case "anchor_remove":
      return <OfAnchor approval={approval} add={approval.act === "anchor_add"} />
  }
}

function Sides({ before, after }: { before: React.ReactNode; after: React.ReactNode }) {
  const say = useSay()
  return (
    <dl className="pairs">
      <dt>{say("approvals.before")}</dt>
      <dd>{before}</dd>
      <dt>{say("approvals.after")}</dt>
      <dd>
        <b>{after}</b>
      </dd>
    </dl>
  )
}

function OfSystem({ approval: { subject, state }, enable }: { approval: Approval; enable: boolean }) {
  const say = useSay()
  const { data } = query.useQuery("get", "/api/v1/systems/{system}", { params: { path: { system: subject } } }, { retry: false, enabled: state === "waiting" })
  const codes = data?.organisations ?? []
  const serves = data
    ? say("approvals.serves", { count: codes.length, codes: codes.slice(0, FIRST).join(", ") + (codes.length > FIRST ? "…" : "") })
    : ""
  const enabled = data ? data.enabled : !enable
  return (
    <Sides
      before={`${say(enabled ? "approvals.system.open" : "approvals.system.shut", { system: subject })} ${serves}`}
      after={say(enable ? "approvals.system.willOpen" : "approvals.system.willShut", { system: subject })}
    />
  )
}

const text = (value: unknown) => (typeof value === "string" ? value : "")

function OfCredential({ approval: { subject, body } }: { approval: Approval }) {
  const say = useSay()
  const wanted = (body ?? {}) as Record<string, unknown>
  const permissions = permissionsIn(text(wanted.permissions)).map((one) => say(PERMISSION_WORDS[one]))
  return (
    <Sides
      before={say("approvals.credential.now", { system: subject })}
      after={say("approvals.credential.will", { name: text(wanted.name), permissions: permissions.join("; ") || "–" })}
    />
  )
}

function OfOrganisation({ approval: { subject } }: { approval: Approval }) {
  const say = useSay()
  const name = useOrganisationName(subject)
  return (
    <Sides
      before={
        <>
          {say("approvals.organisation.now")} <Link href={organisationHref(subject)}>{name}</Link> <span className="faint">{subject}</span>
        </>
      }
      after={say("approvals.organisation.will", { code: subject })}
    />
  )
}

function OfAnchor({ approval: { subject, body }, add }: { approval: Approval; add: boolean }) {
  const say = useSay()
  const pem = text(((body ?? {}) as Record<string, unknown>).pem)
  return (
    <>
      <Sides
        before={say(add ? "approvals.anchor.not" : "approvals.anchor.is", { name: subject })}
        after={say(add ? "approvals.anchor.willAdd" : "approvals.anchor.willRemove", { name: subject })}
      />
      {pem && (
        <details>
          <summary>{say("approvals.anchor.pem")}</summary>
          <code className="secret">{pem}</code>
        </details>
      )}
    </>
  )
}
