// Acts that take two administrators: what waits, what exactly will happen, and who decides. Nobody decides their own.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { api, given, query, type Schemas } from "../../api/client"
import { dateText, momentText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { TextArea } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { Once } from "../../parts/Once"
import { Empty, Loaded } from "../../parts/States"
import { Tabs } from "../../parts/Tabs"
import { tell } from "../../parts/tell"
import { Page } from "../../shell/Page"
import { Deed, useDeed } from "../administration/Deed"
import { usePersonName } from "../administration/names"
import { useRights } from "../administration/rights"
import { useMe } from "../me"
import { verified } from "../verified"
import { OFFERED, Propose } from "./Propose"
import { lapseOf } from "./waiting"
import { Will } from "./Will"

type Approval = Schemas["Approval"]
const APPROVALS = "/api/v1/approvals"
const MOST = 100
const route = getRouteApi("/approvals")
// What may have changed by an act that was done.
const STALE = [APPROVALS, "/api/v1/systems", "/api/v1/systems/{system}", "/api/v1/organisations", "/api/v1/organisations/{code}"]

export function ApprovalsPage() {
  const say = useSay()
  const navigate = useNavigate()
  const { tab = "waiting", act, subject } = route.useSearch()
  const rights = useRights()
  const proposes = rights.platform("systems.manage") || rights.platform("organisations.manage")
  const first = OFFERED.find((one) => one === act)
  const close = () => void navigate({ to: "/approvals", search: {}, replace: true })
  const [open, setOpen] = useState(false)
  const [secret, setSecret] = useState<string>()
  const add = proposes && (
    <Button look="first" icon="send" onPress={() => setOpen(true)}>
      {say("approvals.propose")}
    </Button>
  )
  const done = () => {
    setOpen(false)
    if (first) close()
  }
  return (
    <Page title={say("approvals.title")} lead={say("approvals.lead")} beside={add}>
      {secret && (
        <section className="card">
          <Once about={say("approvals.secretOnce")} values={[secret]} onKept={() => setSecret(undefined)} />
        </section>
      )}
      <Tabs
        label={say("approvals.title")}
        chosen={tab}
        onChoose={(id) => void navigate({ to: "/approvals", search: id === "waiting" ? {} : { tab: id }, replace: true })}
        tabs={[
          { id: "waiting", title: say("approvals.waiting"), content: <List waiting onSecret={setSecret} /> },
          { id: "decided", title: say("approvals.decided"), content: <List onSecret={setSecret} /> },
        ]}
      />
      <Dialog title={say("approvals.propose")} open={open || (first !== undefined && proposes)} onClose={done}>
        <Propose first={first} subject={subject} onDone={done} />
      </Dialog>
    </Page>
  )
}

function List({ waiting, onSecret }: { waiting?: true; onSecret: (secret: string) => void }) {
  const say = useSay()
  const found = query.useQuery("get", APPROVALS, { params: { query: { limit: MOST, ...(waiting ? { waiting } : {}) } } })
  const list = useRef<HTMLDivElement>(null)
  const inside = useRef(false)
  // What was decided leaves the list, and the button that had the focus with it: the list has it then.
  useEffect(() => {
    if (inside.current && document.activeElement === document.body) list.current?.focus({ preventScroll: true })
  }, [found.data])
  return (
    // It only looks where the focus is.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={list}
      role="group"
      aria-label={say(waiting ? "approvals.waiting" : "approvals.decided")}
      tabIndex={-1}
      onFocus={() => (inside.current = true)}
      onBlur={({ relatedTarget }) => (inside.current = relatedTarget === null)}
    >
      <Loaded query={found}>
        {({ items }) => {
          const shown = waiting ? items : items.filter(({ state }) => state !== "waiting")
          if (shown.length === 0) return <Empty title={say(waiting ? "approvals.noneWaiting" : "approvals.noneDecided")} />
          return (
            <ul className="more">
              {shown.map((one) => (
                <li key={one.approval}>{waiting ? <Waiting approval={one} onSecret={onSecret} /> : <Decided approval={one} />}</li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </div>
  )
}

function Head({ approval: { approval, act, subject } }: { approval: Approval }) {
  const say = useSay()
  return <h2 id={`approval-${approval}`}>{say("approvals.one", { act: say(`approvals.act.${act}`), subject })}</h2>
}

function Asked({ approval: { proposed_by, proposed_at, reason } }: { approval: Approval }) {
  const say = useSay()
  const { language } = useLanguage()
  const who = usePersonName(proposed_by)
  return (
    <>
      <p>{say("approvals.asked", { who, at: momentText(proposed_at, language) })}</p>
      <p>{say("approvals.because", { reason })}</p>
    </>
  )
}

function Waiting({ approval: one, onSecret }: { approval: Approval; onSecret: (secret: string) => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const own = useMe().data?.id === one.proposed_by
  const rights = useRights()
  const takesPart = rights.platform(
    one.act.startsWith("anchor") ? "anchors.manage" : one.act.startsWith("organisation") ? "organisations.manage" : "systems.manage",
  )
  return (
    <article className="card" aria-labelledby={`approval-${one.approval}`}>
      <Head approval={one} />
      <Asked approval={one} />
      <Will approval={one} />
      <p className="small faint">{say("approvals.lapses", { at: dateText(lapseOf(one), language) })}</p>
      {own && (
        <p className="notice">
          <Icon name="told" />
          <span>{say("approvals.own")}</span>
        </p>
      )}
      {takesPart && (
        <div className="row">
          {own ? <Withdraw approval={one} /> : <Decide approval={one} onSecret={onSecret} />}
        </div>
      )}
    </article>
  )
}

function useName({ act, subject }: Approval) {
  const say = useSay()
  return say("approvals.one", { act: say(`approvals.act.${act}`), subject })
}

function Decide({ approval: one, onSecret }: { approval: Approval; onSecret: (secret: string) => void }) {
  const say = useSay()
  const name = useName(one)
  const [reason, setReason] = useState("")
  const params = { path: { approval: one.approval } }
  // Told at once: what was decided leaves the list, and this with it.
  const approve = useDeed(async () => {
    const { outcome } = await verified(() => given(api.POST("/api/v1/approvals/{approval}/approve", { params })))
    const made = (outcome as { secret?: unknown } | undefined)?.secret
    if (typeof made === "string") onSecret(made)
    tell(say("approvals.done", { name }))
  }, STALE)
  const reject = useDeed(() => api.POST("/api/v1/approvals/{approval}/reject", { params, body: { reason: reason.trim() } }), [APPROVALS])
  return (
    <>
      <Deed
        button={say("approvals.approve")}
        title={say("approvals.approveOne", { name })}
        icon="check"
        look="first"
        about={say("approvals.approveAbout")}
        work={approve}
        onSend={(close) => approve.mutate(undefined, { onSuccess: close })}
      >
        {() => <Will approval={one} />}
      </Deed>
      <Deed
        button={say("approvals.reject")}
        title={say("approvals.rejectOne", { name })}
        icon="wrong"
        about={say("approvals.rejectAbout")}
        work={reject}
        complete={reason.trim() !== ""}
        onSend={(close) => reject.mutate(undefined, { onSuccess: close })}
      >
        {(missing) => (
          <TextArea label={say("administration.reason")} value={reason} onChange={setReason} wrong={reason.trim() === "" ? missing : undefined} maxLength={300} required />
        )}
      </Deed>
    </>
  )
}

function Withdraw({ approval: one }: { approval: Approval }) {
  const say = useSay()
  const name = useName(one)
  const work = useDeed(() => api.POST("/api/v1/approvals/{approval}/withdraw", { params: { path: { approval: one.approval } } }), [APPROVALS])
  return (
    <Deed
      button={say("approvals.withdraw")}
      title={say("approvals.withdrawOne", { name })}
      icon="back"
      about={say("approvals.withdrawAbout")}
      work={work}
      onSend={(close) => work.mutate(undefined, { onSuccess: close })}
    />
  )
}

const STATES = {
  waiting: { tone: "waiting", icon: "clock" },
  approved: { tone: "good", icon: "check" },
  rejected: { tone: "bad", icon: "wrong" },
  withdrawn: { tone: "plain", icon: "back" },
  failed: { tone: "bad", icon: "late" },
} as const

function Decided({ approval: one }: { approval: Approval }) {
  const say = useSay()
  const { language } = useLanguage()
  const who = usePersonName(one.decided_by ?? "")
  return (
    <article className="card" aria-labelledby={`approval-${one.approval}`}>
      <div className="row">
        <Head approval={one} />
        <Badge {...STATES[one.state]}>{say(`approvals.state.${one.state}`)}</Badge>
      </div>
      <Asked approval={one} />
      {one.decided_at && <p>{say("approvals.decidedBy", { who, at: momentText(one.decided_at, language) })}</p>}
      {one.decision_reason && <p>{say("approvals.rejectedFor", { reason: one.decision_reason })}</p>}
    </article>
  )
}
