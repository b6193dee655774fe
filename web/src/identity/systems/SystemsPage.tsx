import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useMemo, useState } from "react"
import { ProblemError } from "@truc/client/problem"
import { api, byCursor, given, query, textOf, type Schemas } from "../../api/client"
import { dateText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { TextArea, TextField } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { Empty, Loaded } from "../../parts/States"
import { Table, type TableColumn } from "../../parts/Table"
import { tell } from "../../parts/tell"
import { TwoLines } from "../../parts/TwoLines"
import { Page } from "../../shell/Page"
import { useMe } from "../me"
import { verified } from "../verified"
import { keepSecret } from "./secrets"
import { servedText } from "./served"

type System = Schemas["System"]

/** The systems that the reader manages. */
export function SystemsPage() {
  const say = useSay()
  const [adding, setAdding] = useState(false)
  const platform = useMe().data?.grants.some((grant) => grant.platform && grant.permissions.includes("systems.manage"))
  const pages = query.useInfiniteQuery(
    "get",
    "/api/v1/systems",
    { params: { query: { limit: 100 } } },
    byCursor,
  )
  const rows = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const columns = useColumns()
  const more = () => {
    if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage()
  }
  const add = platform && (
    <Button look="first" icon="key" onPress={() => setAdding(true)}>
      {say("systems.new")}
    </Button>
  )
  return (
    <Page title={say("systems.title")} lead={say("systems.lead")} beside={add}>
      <Loaded query={pages}>
        {() =>
          rows.length === 0 ? (
            <Empty title={say("systems.empty")} />
          ) : (
            <>
              <p role="status" className="faint">
                {say(pages.hasNextPage ? "list.countMore" : "list.count", { count: rows.length })}
              </p>
              <Table label={say("systems.title")} columns={columns} rows={rows} rowId={idOf} rowHref={(row) => `/systems/${row.id}`} tall onEnd={more} />
              {pages.hasNextPage && <Button onPress={more}>{say("list.more")}</Button>}
            </>
          )
        }
      </Loaded>
      <Dialog title={say("systems.new")} open={adding} onClose={() => setAdding(false)}>
        <NewSystem />
      </Dialog>
    </Page>
  )
}

const idOf = (row: System) => row.id

const FIRST = 12
const firstOf = (codes: readonly string[]) => codes.slice(0, FIRST).join(", ") + (codes.length > FIRST ? "…" : "")

function useColumns(): TableColumn<System>[] {
  const say = useSay()
  const { language } = useLanguage()
  return useMemo(
    () => [
      { id: "id", title: say("systems.id"), names: true, minWidth: 140, cell: (row) => row.id },
      { id: "serves", title: say("systems.serves"), share: 3, minWidth: 240, cell: (row) => <TwoLines name={servedText(row.organisation, row.organisations.length, say)} more={firstOf(row.organisations)} /> },
      { id: "added", title: say("systems.added"), minWidth: 140, cell: (row) => dateText(row.added_at, language) },
      { id: "state", title: say("systems.state"), minWidth: 160, cell: (row) => <Enabled system={row} /> },
    ],
    [say, language],
  )
}

export function Enabled({ system: { enabled } }: { system: System }) {
  const say = useSay()
  return (
    <Badge tone={enabled ? "good" : "bad"} icon={enabled ? "check" : "lock"}>
      {enabled ? say("systems.enabled") : say("systems.disabled")}
    </Badge>
  )
}

function NewSystem() {
  const say = useSay()
  const { language } = useLanguage()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const [id, setId] = useState("")
  const [codes, setCodes] = useState("")
  const organisations = codes.split(/[\s,;]+/).filter(Boolean)
  const work = useMutation({
    mutationFn: () =>
      verified(() => given(api.PUT("/api/v1/systems/{system}", { params: { path: { system: id.trim() } }, body: { organisations } }))),
    onSuccess: (made) => {
      if ("secret" in made && made.secret) keepSecret(made.id, made.secret)
      else tell(say("systems.wasThere"))
      void cache.invalidateQueries({ queryKey: ["get", "/api/v1/systems"] })
      void navigate({ to: "/systems/$system", params: { system: made.id } })
    },
  })
  const problem = work.error instanceof ProblemError ? work.error : undefined
  const ofCodes = problem?.pointer?.startsWith("/organisations") ? textOf(problem, language) : undefined
  return (
    <Form
      about={say("systems.newAbout")}
      send={say("systems.connect")}
      work={{ error: ofCodes ? null : work.error, isPending: work.isPending }}
      complete={id.trim() !== "" && organisations.length > 0}
      onSend={() => work.mutate()}
    >
      {(missing) => (
        <>
          <TextField
            label={say("systems.id")}
            hint={say("systems.idHint")}
            value={id}
            onChange={setId}
            wrong={id.trim() === "" ? missing : undefined}
            maxLength={35}
            autoComplete="off"
            required
          />
          <TextArea
            label={say("systems.codes")}
            value={codes}
            onChange={setCodes}
            wrong={ofCodes ?? (organisations.length === 0 ? missing : undefined)}
            maxLength={100_000}
            required
          />
        </>
      )}
    </Form>
  )
}
