// One person: whether they may sign in, their names, and the posts they hold and held.
import { getRouteApi } from "@tanstack/react-router"
import { ProblemError } from "@truc/client/problem"
import { useState } from "react"
import { Link } from "react-aria-components"
import { api, given, query, type Schemas } from "../../api/client"
import { useSession } from "../../api/session"
import { dateText, startOfDay } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { DateField } from "../../parts/DateField"
import { TextArea, TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { Select } from "../../parts/Select"
import { Loaded } from "../../parts/States"
import { Page } from "../../shell/Page"
import { Deed, useDeed } from "../administration/Deed"
import { CodeField } from "../administration/CodeField"
import { organisationHref, PLATFORM, useOrganisationName } from "../administration/names"
import "../organisations/directory.css"
import { nameOf, type Person } from "./all"
import { Invitation, invitationOf } from "./Invite"
import { Enabled } from "./PeopleOf"

const route = getRouteApi("/people/$person")
const PERSON = "/api/v1/people/{person}"
const PEOPLE = "/api/v1/organisations/{code}/people"
const APPOINTMENTS = "/api/v1/people/{person}/appointments"

export function PersonPage() {
  const say = useSay()
  const { person: written } = route.useParams()
  const { organisation } = route.useSearch()
  const { person: own } = useSession()
  const person = Number(written)
  const found = query.useQuery("get", PERSON, { params: { path: { person } } })
  const elsewhere = found.error instanceof ProblemError && found.error.reason === "identity.documents_post"
  return (
    <Page key={person} title={found.data ? nameOf(found.data) : say("people.person", { number: person })}>
      <Loaded query={found}>
        {(one) => (
          <>
            {person === own && (
              <p className="notice">
                <Icon name="told" />
                <span>{say("people.own")}</span>
              </p>
            )}
            <State person={one} />
            <Appointments person={person} organisation={organisation} />
          </>
        )}
      </Loaded>
      {elsewhere && (
        <section className="card" aria-labelledby="shut">
          <h2 id="shut">{say("people.shutOut")}</h2>
          <p>{say("people.shutOutAbout")}</p>
          <div>
            <Enable person={person} enabled />
          </div>
        </section>
      )}
    </Page>
  )
}

function State({ person: one }: { person: Person }) {
  const say = useSay()
  const { language } = useLanguage()
  const [code, setCode] = useState<string>()
  const invite = useDeed(() => invitationOf(one.person), [])
  return (
    <section className="card" aria-labelledby="state">
      <div className="row">
        <h2 id="state">{say("people.account")}</h2>
        <Enabled person={one} />
      </div>
      {one.disabled_reason && <p>{say("people.disabledWhy", { reason: one.disabled_reason })}</p>}
      <dl className="pairs">
        <dt>{say("people.login")}</dt>
        <dd>{one.login}</dd>
        {one.title && (
          <>
            <dt>{say("people.field.title")}</dt>
            <dd>{one.title}</dd>
          </>
        )}
        {one.mail && (
          <>
            <dt>{say("people.mail")}</dt>
            <dd>{one.mail}</dd>
          </>
        )}
        <dt>{say("people.added")}</dt>
        <dd>{dateText(one.added_at, language)}</dd>
      </dl>
      {code && <Invitation code={code} onKept={() => setCode(undefined)} />}
      <div className="row">
        <Rename key={JSON.stringify(one)} person={one} />
        <Deed
          button={say("people.inviteAgain")}
          icon="key"
          about={say("people.inviteAgainAbout")}
          work={invite}
          onSend={(close) =>
            invite.mutate(undefined, {
              onSuccess: (made) => {
                setCode(made)
                close()
              },
            })
          }
        />
        <Enable person={one.person} enabled={one.enabled} />
      </div>
    </section>
  )
}

function Enable({ person, enabled }: { person: number; enabled: boolean }) {
  const say = useSay()
  const [reason, setReason] = useState("")
  const params = { path: { person } }
  const work = useDeed(
    () =>
      enabled
        ? api.POST("/api/v1/people/{person}/disable", { params, body: { reason: reason.trim() } })
        : api.POST("/api/v1/people/{person}/enable", { params, body: {} }),
    [PERSON, PEOPLE],
  )
  return (
    <Deed
      button={enabled ? say("people.disable") : say("people.enable")}
      icon={enabled ? "lock" : "check"}
      about={enabled ? say("people.disableAbout") : say("people.enableAbout")}
      work={work}
      complete={!enabled || reason.trim() !== ""}
      onSend={(close) => work.mutate(undefined, { onSuccess: close })}
    >
      {(missing) =>
        enabled && (
          <TextArea label={say("administration.reason")} value={reason} onChange={setReason} wrong={reason.trim() === "" ? missing : undefined} maxLength={300} required />
        )
      }
    </Deed>
  )
}

const NAMES = ["family_name", "given_name", "title", "mail"] as const

function Rename({ person: one }: { person: Person }) {
  const say = useSay()
  const [typed, setTyped] = useState({ family_name: one.family_name ?? "", given_name: one.given_name, title: one.title ?? "", mail: one.mail ?? "" })
  const work = useDeed(() => api.PUT(PERSON, { params: { path: { person: one.person } }, body: typed }), [PERSON, PEOPLE])
  return (
    <Deed
      button={say("people.rename")}
      send={say("people.save")}
      about={say("people.renameAbout")}
      work={work}
      complete={typed.given_name.trim() !== ""}
      onSend={(close) => work.mutate(undefined, { onSuccess: close })}
    >
      {(missing) =>
        NAMES.map((field) => (
          <TextField
            key={field}
            label={say(`people.field.${field}`)}
            value={typed[field]}
            onChange={(value) => setTyped({ ...typed, [field]: value })}
            wrong={field === "given_name" && typed.given_name.trim() === "" ? missing : undefined}
            maxLength={200}
            autoComplete="off"
            required={field === "given_name"}
          />
        ))
      }
    </Deed>
  )
}

function Appointments({ person, organisation }: { person: number; organisation: string | undefined }) {
  const say = useSay()
  const found = query.useQuery("get", APPOINTMENTS, { params: { path: { person } } })
  return (
    <section className="card" aria-labelledby="appointments">
      <h2 id="appointments">{say("people.appointments")}</h2>
      <Loaded query={found}>
        {({ items }) => {
          const where = organisation ?? items.find(({ to }) => to === undefined)?.organisation ?? items[0]?.organisation ?? ""
          return (
            <>
              {items.length === 0 ? (
                <p className="faint">{say("people.noAppointments")}</p>
              ) : (
                <ul className="lines">
                  {[...items]
                    .sort((a, b) => (a.from < b.from ? 1 : -1))
                    .map((one) => (
                      <Row key={one.appointment} appointment={one} />
                    ))}
                </ul>
              )}
              <div>
                <Appoint key={where} person={person} first={where} />
              </div>
            </>
          )
        }}
      </Loaded>
    </section>
  )
}

function Row({ appointment: one }: { appointment: Schemas["Appointment"] }) {
  const say = useSay()
  const { language } = useLanguage()
  const [now] = useState(Date.now)
  const where = useOrganisationName(one.organisation ?? "")
  const title = one.title ?? say("people.postNumber", { number: one.post })
  const work = useDeed(() => api.DELETE("/api/v1/appointments/{appointment}", { params: { path: { appointment: one.appointment } } }), [APPOINTMENTS, PEOPLE])
  const over = one.closed === true || (one.to !== undefined && (Date.parse(one.to) <= now || one.to <= one.from))
  const later = Date.parse(one.from) > now
  return (
    <li>
      <span className="grows">
        <b>{title}</b> <span className="faint">{one.organisation && one.organisation !== PLATFORM ? <Link href={organisationHref(one.organisation)}>{where}</Link> : where}</span>
        <br />
        <span className="small faint">
          {one.to
            ? say("people.fromTo", { from: dateText(one.from, language), to: dateText(one.to, language) })
            : say("people.from", { from: dateText(one.from, language) })}
        </span>
      </span>
      <Badge tone={over ? "plain" : later ? "told" : "good"} icon={over || later ? "clock" : "check"}>
        {over ? say(one.closed ? "people.postClosed" : "people.held") : later ? say("people.later") : say("people.holds")}
      </Badge>
      {!over && (
        <Deed
          button={say("people.endAppointment")}
          title={say("people.endAppointmentOne", { title })}
          about={say("people.endAppointmentAbout")}
          work={work}
          onSend={(close) => work.mutate(undefined, { onSuccess: close })}
        />
      )}
    </li>
  )
}

function Appoint({ person, first }: { person: number; first: string }) {
  const say = useSay()
  const [code, setCode] = useState(first)
  const [post, setPost] = useState("")
  const [from, setFrom] = useState("")
  const [to, setTo] = useState("")
  const posts = query.useQuery("get", "/api/v1/organisations/{code}/posts", { params: { path: { code } } }, { enabled: code !== "", retry: false })
  const open = (posts.data?.items ?? []).filter(({ closed }) => !closed)
  const chosen = open.some((one) => String(one.post) === post) ? post : String(open[0]?.post ?? "")
  const work = useDeed(
    () =>
      given(
        api.POST(APPOINTMENTS, {
          params: { path: { person } },
          body: { post: Number(chosen), ...(from ? { from: startOfDay(from) } : {}), ...(to ? { to: startOfDay(to, 1) } : {}) },
        }),
      ),
    [APPOINTMENTS, PEOPLE],
  )
  return (
    <Deed
      button={say("people.appoint")}
      icon="person"
      look="first"
      about={say("people.appointAbout")}
      work={work}
      complete={chosen !== ""}
      onSend={(close) => work.mutate(undefined, { onSuccess: close })}
    >
      {(missing) => (
        <>
          {first === PLATFORM && code === PLATFORM ? (
            <p>{say("people.atPlatform")}</p>
          ) : (
            <CodeField label={say("filter.organisation")} value={code} onChange={setCode} wrong={code === "" ? missing : undefined} required />
          )}
          {open.length > 0 ? (
            <Select label={say("people.post")} choices={open.map((one) => ({ value: String(one.post), text: one.title }))} value={chosen} onChange={setPost} />
          ) : (
            <p role="status">{posts.data || posts.error ? say("people.noPostsThere") : ""}</p>
          )}
          <DateField label={say("people.fromDay")} hint={say("people.fromDayHint")} value={from} onChange={setFrom} />
          <DateField label={say("people.toDay")} hint={say("people.toDayHint")} value={to} onChange={setTo} />
        </>
      )}
    </Deed>
  )
}
