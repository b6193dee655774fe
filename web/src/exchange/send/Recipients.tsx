// To whom: found in the directory by a part of name or code, with or without marks, or below one that was found; and
// what each of them can take, before anything is sent.
import { useState } from "react"
import { api, cursorOf, given, query, type Schemas } from "../../api/client"
import { momentText } from "../../language/dates"
import { bytesText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Checkbox, TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { useRested } from "../../parts/rested"
import { Empty, Loaded } from "../../parts/States"
import { draft, type Recipient, useDraft } from "./draft"

type Organisation = Schemas["Organisation"]
const SHOWN = 20
const PAGE = 100

const asRecipient = ({ code, name }: Organisation): Recipient => ({ code, name })

function add(all: readonly Organisation[]) {
  const { to } = draft.now()
  const known = new Set(to.map(({ code }) => code))
  draft.change({ to: [...to, ...all.filter(({ code }) => !known.has(code)).map(asRecipient)] })
}
const remove = (code: string) => draft.change({ to: draft.now().to.filter((one) => one.code !== code) })

/** The field that finds organisations, and what it has found. */
export function Finder() {
  const say = useSay()
  const [typed, setTyped] = useState("")
  const q = useRested(typed.trim())
  const found = query.useQuery(
    "get",
    "/api/v1/organisations",
    { params: { query: { limit: SHOWN, ...(q ? { q } : {}) } } },
    { placeholderData: (before) => before },
  )
  return (
    <div className="more">
      <TextField label={say("send.find")} hint={say("send.findHint")} type="search" value={typed} onChange={setTyped} autoComplete="off" maxLength={100} />
      <Loaded query={found}>
        {({ items, next }) => (
          <>
            <p role="status" className="small faint">
              {next ? say("list.countMore", { count: items.length }) : say("list.count", { count: items.length })}
            </p>
            {items.length === 0 ? <Empty title={say("send.findNothing")} /> : <Branch organisations={items} scrolls />}
          </>
        )}
      </Loaded>
    </div>
  )
}

function Branch({ organisations, scrolls }: { organisations: readonly Organisation[]; scrolls?: boolean }) {
  return (
    <ul className={scrolls ? "lines found" : "lines"}>
      {organisations.map((one) => (
        <Node key={one.code} organisation={one} />
      ))}
    </ul>
  )
}

function Node({ organisation }: { organisation: Organisation }) {
  const say = useSay()
  const { to } = useDraft()
  const [open, setOpen] = useState(false)
  const { code, name, connected } = organisation
  return (
    <li>
      <span className="grows">
        <Checkbox isSelected={to.some((one) => one.code === code)} onChange={(on) => (on ? add([organisation]) : remove(code))}>
          <span>
            {name || code} <span className="faint">{code}</span>
          </span>
        </Checkbox>
      </span>
      {!connected && <Unconnected />}
      <Button
        look="bare"
        icon={open ? "down" : "right"}
        aria-expanded={open}
        aria-label={say("send.belowOf", { name: name || code })}
        onPress={() => setOpen(!open)}
      >
        {say("send.below")}
      </Button>
      {open && <Below code={code} />}
    </li>
  )
}

function Unconnected() {
  const say = useSay()
  return (
    <Badge tone="waiting" icon="inbox">
      {say("send.unconnected")}
    </Badge>
  )
}

/** Those right below it, page by page. */
async function allBelow(parent: string): Promise<Organisation[]> {
  const all: Organisation[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await given(
      api.GET("/api/v1/organisations", { params: { query: { parent, limit: PAGE, ...(cursor ? { cursor } : {}) } } }),
    )
    all.push(...page.items)
    cursor = cursorOf(page.next)
    if (cursor === undefined) return all
  }
}

function Below({ code }: { code: string }) {
  const say = useSay()
  const [choosing, setChoosing] = useState(false)
  const found = query.useQuery("get", "/api/v1/organisations", { params: { query: { parent: code, limit: SHOWN } } })
  const chooseAll = async () => {
    setChoosing(true)
    try {
      add(await allBelow(code))
    } finally {
      setChoosing(false)
    }
  }
  return (
    <div className="below">
      <Loaded query={found}>
        {({ items, next }) =>
          items.length === 0 ? (
            <p className="faint">{say("send.nobodyBelow")}</p>
          ) : (
            <>
              <div className="row">
                <Button icon="check" isPending={choosing} onPress={() => void chooseAll().catch(() => undefined)}>
                  {say("send.chooseBelow")}
                </Button>
                {next && <span className="small faint">{say("list.countMore", { count: items.length })}</span>}
              </div>
              <Branch organisations={items} />
            </>
          )
        }
      </Loaded>
    </div>
  )
}

/** Who gets it, each with what it can take. */
export function Chosen({ size, wrong }: { size: number; wrong: (place: number) => string | undefined }) {
  const say = useSay()
  const { to } = useDraft()
  const [all, setAll] = useState(false)
  const shown = all ? to : to.slice(0, SHOWN)
  return (
    <>
      <h3 id="chosen">{say("send.chosen", { count: to.length })}</h3>
      {to.length === 0 && <p className="faint">{say("send.chosenNone")}</p>}
      {to.length > 0 && (
        <ul className="lines" aria-labelledby="chosen">
          {shown.map((one, place) => (
            <li key={one.code}>
              <span className="grows">
                <b>{one.name || one.code}</b> <span className="faint">{one.code}</span>
                {wrong(place) && (
                  <span className="field">
                    <span className="wrong">
                      <Icon name="wrong" />
                      {wrong(place)}
                    </span>
                  </span>
                )}
              </span>
              <Takes code={one.code} size={size} />
              <Button look="bare" icon="wrong" aria-label={say("send.leaveOut", { name: one.name || one.code })} onPress={() => remove(one.code)} />
            </li>
          ))}
        </ul>
      )}
      <div className="row">
        {to.length > SHOWN && !all && <Button onPress={() => setAll(true)}>{say("send.showAll", { count: to.length })}</Button>}
        {to.length > 1 && (
          <Button look="bare" onPress={() => draft.change({ to: [] })}>
            {say("send.chooseNone")}
          </Button>
        )}
      </div>
    </>
  )
}

/** Whether it fetches, what it asks of signatures, and whether the file fits. */
function Takes({ code, size }: { code: string; size: number }) {
  const say = useSay()
  const { language } = useLanguage()
  const { data } = query.useQuery("get", "/api/v1/organisations/{code}/capabilities", { params: { path: { code } } }, { staleTime: 60_000 })
  if (!data) return null
  return (
    <>
      {!data.connected && <Unconnected />}
      {data.connected && (
        <Badge tone="good" icon="check">
          {data.last_seen ? say("send.lastSeen", { at: momentText(data.last_seen, language) }) : say("send.connected")}
        </Badge>
      )}
      {data.signature_rule !== "label" && (
        <Badge tone="told" icon="seal">
          {data.signature_rule === "refuse-invalid" ? say("send.rule.refuse") : say("send.rule.both")}
        </Badge>
      )}
      {size > data.document_bytes_max && (
        <Badge tone="bad" icon="wrong">
          {say("send.tooLarge", { most: bytesText(data.document_bytes_max, language) })}
        </Badge>
      )}
    </>
  )
}
