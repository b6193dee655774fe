// Who holds a post in an organisation: found by a part of their name, and a new one invited.
import { useMemo, useState } from "react"
import { useNavigate } from "@tanstack/react-router"
import { useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { TextField } from "../../parts/Field"
import { Empty, Loaded } from "../../parts/States"
import { Table, type TableColumn } from "../../parts/Table"
import { matching, nameOf, type Person, usePeople } from "./all"
import { Invite } from "./Invite"

const keyOf = (one: Person) => String(one.person)
const FEW = 8

export const personHref = (person: number, organisation: string) => `/people/${person}?organisation=${encodeURIComponent(organisation)}`

export function PeopleOf({ code }: { code: string }) {
  const say = useSay()
  const navigate = useNavigate()
  const people = usePeople(code)
  const [words, setWords] = useState("")
  const [inviting, setInviting] = useState(false)
  const columns = useColumns()
  return (
    <section className="card" aria-labelledby="people">
      <div className="head">
        <h2 id="people">{say("people.people")}</h2>
        <Button icon="person" onPress={() => setInviting(true)}>
          {say("people.invite")}
        </Button>
      </div>
      <Loaded query={people}>
        {(all) => {
          const rows = matching(all, words)
          if (all.length === 0) return <Empty title={say("people.nobody")} />
          return (
            <>
              {all.length > FEW && (
                <TextField label={say("people.find")} type="search" value={words} onChange={setWords} autoComplete="off" maxLength={100} />
              )}
              <p role="status" className="small faint">
                {say("people.count", { count: rows.length })}
              </p>
              {rows.length > 0 && <Table label={say("people.people")} columns={columns} rows={rows} rowId={keyOf} rowHref={(one) => personHref(one.person, code)} />}
            </>
          )
        }}
      </Loaded>
      <Dialog title={say("people.invite")} open={inviting} onClose={() => setInviting(false)}>
        <Invite code={code} onDone={(person) => void navigate({ href: personHref(person, code) })} />
      </Dialog>
    </section>
  )
}

function useColumns(): TableColumn<Person>[] {
  const say = useSay()
  return useMemo(
    () => [
      { id: "name", title: say("people.name"), names: true, share: 2, minWidth: 160, cell: (row) => nameOf(row) },
      { id: "login", title: say("people.login"), minWidth: 140, cell: (row) => row.login },
      { id: "mail", title: say("people.mail"), minWidth: 140, cell: (row) => row.mail || "–" },
      { id: "state", title: say("people.state"), minWidth: 180, cell: (row) => <Enabled person={row} /> },
    ],
    [say],
  )
}

export function Enabled({ person: { enabled } }: { person: Person }) {
  const say = useSay()
  return (
    <Badge tone={enabled ? "good" : "bad"} icon={enabled ? "check" : "lock"}>
      {enabled ? say("people.enabled") : say("people.disabled")}
    </Badge>
  )
}
