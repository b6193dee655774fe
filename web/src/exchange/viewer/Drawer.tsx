// Beside a paper: the verdict on its signatures, what is recorded of its document, and what has happened to that.
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { query } from "../../api/client"
import { useMay } from "../../identity/me"
import { useSay } from "../../language/language"
import { ButtonLink } from "../../parts/Button"
import { Loaded } from "../../parts/States"
import { Tabs } from "../../parts/Tabs"
import { About } from "../document/About"
import { Signatures } from "../document/Signatures"
import { traceOf } from "../trace/find"
import { Hops } from "../trace/Hops"

type Part = "signatures" | "overview" | "history"

export function Drawer({ id }: { id: string }) {
  const say = useSay()
  const may = useMay()
  const [part, setPart] = useState<Part>("signatures")
  const history = { id: "history" as const, title: say("viewer.history"), content: <History id={id} /> }
  return (
    <section className="card" aria-label={say("document.parts")}>
      <Tabs<Part>
        label={say("document.parts")}
        chosen={part}
        onChoose={setPart}
        tabs={[
          { id: "signatures", title: say("document.signatures"), content: <Signatures id={id} /> },
          { id: "overview", title: say("document.overview"), content: <Details id={id} /> },
          ...(may("traces.read") ? [history] : []),
        ]}
      />
    </section>
  )
}

function Details({ id }: { id: string }) {
  const document = query.useQuery("get", "/api/v1/documents/{id}", { params: { path: { id } } })
  return (
    <Loaded query={document}>
      {(found) => (
        <div className="more">
          {found.subject && <p>{found.subject}</p>}
          <About document={found} />
        </div>
      )}
    </Loaded>
  )
}

/** The document's own steps, and its recipient's where there is one only, in their order. */
function History({ id }: { id: string }) {
  const say = useSay()
  const trace = useQuery({ queryKey: ["trace", id], queryFn: () => traceOf(id) })
  return (
    <Loaded query={trace}>
      {({ hops, deliveries: [only], deliveries_total: count }) => (
        <div className="more">
          <Hops hops={count === 1 && only ? [...hops, ...only.hops].sort((one, other) => Date.parse(one.time) - Date.parse(other.time)) : hops} />
          <ButtonLink href={`/trace?find=${id}`} icon="route">
            {say("document.toTrace")}
          </ButtonLink>
        </div>
      )}
    </Loaded>
  )
}
