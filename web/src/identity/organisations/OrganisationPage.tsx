// One organisation: who it is and was, until when, how it is served and what it takes, and its posts and people.
import { getRouteApi } from "@tanstack/react-router"
import { useState } from "react"
import { Link } from "react-aria-components"
import { query, type Schemas } from "../../api/client"
import { dateText, momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { bytesText } from "../../language/numbers"
import { Badge } from "../../parts/Badge"
import { Button, ButtonLink } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { Loaded } from "../../parts/States"
import { Page } from "../../shell/Page"
import { organisationHref, useOrganisationName } from "../administration/names"
import { useRights } from "../administration/rights"
import { useMay } from "../me"
import { PeopleOf } from "../people/PeopleOf"
import { Posts } from "../people/Posts"
import "./directory.css"
import { ChangeOrganisation } from "./OrganisationForm"

type Organisation = Schemas["Organisation"]
const route = getRouteApi("/organisations/$code")

export function OrganisationPage() {
  const { code } = route.useParams()
  const found = query.useQuery("get", "/api/v1/organisations/{code}", { params: { path: { code } } })
  const rights = useRights()
  return (
    <Page key={code} title={found.data?.name || code} beside={found.data && <Deeds organisation={found.data} />}>
      <Loaded query={found}>
        {(one) => (
          <>
            <Facts organisation={one} />
            <Succession organisation={one} />
            <Serving code={one.code} />
            {rights.of("people.manage", one.code) && (
              <>
                <Posts code={one.code} />
                <PeopleOf code={one.code} />
              </>
            )}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Deeds({ organisation: { code } }: { organisation: Organisation }) {
  const say = useSay()
  const [open, setOpen] = useState<"change" | "end">()
  const close = () => setOpen(undefined)
  const rights = useRights()
  if (!rights.of("organisations.manage", code)) return null
  return (
    <div className="row">
      <Button look="first" onPress={() => setOpen("change")}>
        {say("organisations.change")}
      </Button>
      <Button onPress={() => setOpen("end")}>{say("organisations.end")}</Button>
      {rights.platform("organisations.manage") && (
        <ButtonLink href={`/approvals?act=organisation_remove&subject=${encodeURIComponent(code)}`}>{say("organisations.proposeRemoval")}</ButtonLink>
      )}
      <Dialog title={say(open === "end" ? "organisations.end" : "organisations.change")} open={open !== undefined} onClose={close}>
        <ChangeOrganisation code={code} ending={open === "end"} onDone={close} />
      </Dialog>
    </div>
  )
}

function InForce({ organisation: { in_force, effective_from } }: { organisation: Organisation }) {
  const say = useSay()
  const [now] = useState(Date.now)
  if (in_force)
    return (
      <Badge tone="good" icon="check">
        {say("organisations.inForce")}
      </Badge>
    )
  const later = effective_from !== undefined && Date.parse(effective_from) > now
  return (
    <Badge tone={later ? "told" : "waiting"} icon="clock">
      {later ? say("organisations.notYet") : say("organisations.over")}
    </Badge>
  )
}

function Facts({ organisation }: { organisation: Organisation }) {
  const say = useSay()
  const { language } = useLanguage()
  const may = useMay()
  const { code, parent, old_code, mail, effective_from, effective_to, changed_at } = organisation
  const parentName = useOrganisationName(parent ?? "")
  return (
    <section className="card" aria-labelledby="facts">
      <div className="row">
        <h2 id="facts">{say("organisations.facts")}</h2>
        <InForce organisation={organisation} />
      </div>
      <dl className="pairs">
        <dt>{say("organisations.code")}</dt>
        <dd>{code}</dd>
        {old_code && (
          <>
            <dt>{say("organisations.field.old_code")}</dt>
            <dd>{old_code}</dd>
          </>
        )}
        {parent && (
          <>
            <dt>{say("organisations.parent")}</dt>
            <dd>
              <Link href={organisationHref(parent)}>{parentName}</Link> <span className="faint">{parent}</span>
            </dd>
          </>
        )}
        {mail && (
          <>
            <dt>{say("organisations.field.mail")}</dt>
            <dd>{mail}</dd>
          </>
        )}
        <dt>{say("organisations.inForceWhen")}</dt>
        <dd>
          {say("organisations.fromTo", {
            from: effective_from ? dateText(effective_from, language) : say("organisations.always"),
            to: effective_to ? dateText(effective_to, language) : say("organisations.open"),
          })}
        </dd>
        <dt>{say("organisations.changedAt")}</dt>
        <dd className="row">
          <span>{momentText(changed_at, language)}</span>
          {may("audit.read") && <Link href={`/journal?subject=${encodeURIComponent(code)}`}>{say("organisations.inJournal")}</Link>}
        </dd>
      </dl>
    </section>
  )
}

/** Its names through time: those it took over from, itself, and who took over from it. */
function Succession({ organisation }: { organisation: Organisation }) {
  const say = useSay()
  const { language } = useLanguage()
  const { code, name, effective_from, effective_to, successor } = organisation
  const before = query.useQuery("get", "/api/v1/organisations", { params: { query: { successor: code, limit: 100 } } })
  return (
    <section className="card" aria-labelledby="succession">
      <h2 id="succession">{say("organisations.succession")}</h2>
      <ol className="lines">
        {before.data?.items.map((one) => (
          <li key={one.code}>
            <span className="grows">
              <Link href={organisationHref(one.code)}>{one.name || one.code}</Link> <span className="faint">{one.code}</span>
            </span>
            <span>
              {one.effective_to ? say("organisations.mergedHereAt", { at: dateText(one.effective_to, language) }) : say("organisations.mergedHere")}
            </span>
          </li>
        ))}
        <li>
          <span className="grows">
            <b>{name || code}</b> <span className="faint">{code}</span>
          </span>
          <span>
            {effective_from ? say("organisations.since", { at: dateText(effective_from, language) }) : say("organisations.always")}
          </span>
        </li>
        {successor && <Successor code={successor} at={effective_to} />}
      </ol>
      {before.data?.items.length === 0 && !successor && <p className="faint">{say("organisations.noSuccession")}</p>}
    </section>
  )
}

function Successor({ code, at }: { code: string; at: string | undefined }) {
  const say = useSay()
  const { language } = useLanguage()
  const name = useOrganisationName(code)
  return (
    <li>
      <span className="grows">
        <Link href={organisationHref(code)}>{name}</Link> <span className="faint">{code}</span>
      </span>
      <span>{at ? say("organisations.mergedInto", { at: dateText(at, language) }) : say("organisations.mergesInto")}</span>
    </li>
  )
}

function Serving({ code }: { code: string }) {
  const say = useSay()
  const { language } = useLanguage()
  const takes = query.useQuery("get", "/api/v1/organisations/{code}/capabilities", { params: { path: { code } } })
  return (
    <section className="card" aria-labelledby="serving">
      <h2 id="serving">{say("organisations.serving")}</h2>
      <Loaded query={takes}>
        {({ connected, system, last_seen, document_bytes_max, signature_rule, types }) => (
          <dl className="pairs">
            <dt>{say("organisations.servedBy")}</dt>
            <dd className="row">
              <span>{connected ? say("organisations.bySystem") : say("organisations.byHand")}</span>
              {system && <Link href={`/systems/${encodeURIComponent(system)}`}>{system}</Link>}
            </dd>
            {connected && (
              <>
                <dt>{say("organisations.lastSeen")}</dt>
                <dd>{last_seen ? momentText(last_seen, language) : say("organisations.neverSeen")}</dd>
              </>
            )}
            <dt>{say("organisations.takes")}</dt>
            <dd>{say("organisations.takesUpTo", { types: types.join(", "), most: bytesText(document_bytes_max, language) })}</dd>
            <dt>{say("organisations.signatures")}</dt>
            <dd>{say(`organisations.rule.${signature_rule}`)}</dd>
          </dl>
        )}
      </Loaded>
    </section>
  )
}
