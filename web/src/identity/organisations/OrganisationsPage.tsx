// The directory: as a tree, or what a search finds in it, today or on any day.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { TextField } from "../../parts/Field"
import { useTyped } from "../../parts/typed"
import { Page } from "../../shell/Page"
import { useRights } from "../administration/rights"
import { organisationHref } from "../administration/names"
import "./directory.css"
import { NewOrganisation } from "./OrganisationForm"
import { TimeBar } from "./TimeBar"
import { Branch } from "./Tree"

const route = getRouteApi("/organisations")

export function OrganisationsPage() {
  const say = useSay()
  const navigate = useNavigate()
  const search = route.useSearch()
  const { q, at } = search
  const [adding, setAdding] = useState(false)
  const may = useRights().platform("organisations.manage")
  const change = (changed: { q?: string | undefined; at?: string | undefined }) => {
    const all = Object.entries({ ...search, ...changed }).filter(([, value]) => value !== undefined && value !== "")
    void navigate({ to: "/organisations", search: Object.fromEntries(all) as typeof search, replace: true })
  }
  const add = may && (
    <Button look="first" icon="organisation" onPress={() => setAdding(true)}>
      {say("organisations.new")}
    </Button>
  )
  return (
    <Page title={say("organisations.title")} lead={say("organisations.lead")} beside={add}>
      <Filter q={q} onFind={(text) => change({ q: text })} />
      <TimeBar at={at} onChange={(day) => change({ at: day })} />
      <section className="card" aria-label={q ? say("organisations.found", { words: q }) : say("organisations.tree")}>
        <Branch key={q ?? ""} query={q ? { q } : { top: true }} at={at} flat={q !== undefined} />
      </section>
      <Dialog title={say("organisations.new")} open={adding} onClose={() => setAdding(false)}>
        <NewOrganisation onDone={(code) => void navigate({ href: organisationHref(code) })} />
      </Dialog>
    </Page>
  )
}

function Filter({ q, onFind }: { q: string | undefined; onFind: (text: string) => void }) {
  const say = useSay()
  const [typed, setTyped] = useTyped(q ?? "")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onFind(typed.trim())
  }
  return (
    <form className="filters" role="search" onSubmit={submit}>
      <TextField label={say("organisations.find")} type="search" value={typed} onChange={setTyped} autoComplete="off" maxLength={100} />
      <Button type="submit" icon="search">
        {say("organisations.search")}
      </Button>
      {q && (
        <Button look="bare" onPress={() => onFind("")}>
          {say("organisations.all")}
        </Button>
      )}
    </form>
  )
}
