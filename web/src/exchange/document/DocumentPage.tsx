import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { query, type Schemas } from "../../api/client"
import { useSay } from "../../language/language"
import { useMay } from "../../identity/me"
import { ButtonLink } from "../../parts/Button"
import { Loaded } from "../../parts/States"
import { Tabs } from "../../parts/Tabs"
import { Page } from "../../shell/Page"
import type { DocumentTab } from "../../shell/router"
import { Answering } from "../answering/Answering"
import { Recall } from "../answering/Recall"
import { Board } from "../board/Board"
import { SignatureBadge, UrgencyBadge } from "../words"
import { About } from "./About"
import { Attachments } from "./Attachments"
import { Signatures } from "./Signatures"

type Document = Schemas["Document"]
const route = getRouteApi("/documents/$id")

export function DocumentPage() {
  const say = useSay()
  const { id } = route.useParams()
  const document = query.useQuery("get", "/api/v1/documents/{id}", { params: { path: { id } } })
  const title = document.data ? say("document.title", { code: document.data.code || id }) : say("document.untitled")
  return (
    <Page key={id} title={title} {...(document.data?.subject ? { lead: document.data.subject } : {})}>
      <Loaded query={document}>{(found) => <Found document={found} />}</Loaded>
    </Page>
  )
}

function Found({ document }: { document: Document }) {
  const say = useSay()
  const may = useMay()
  const navigate = useNavigate()
  const { tab = "overview" } = route.useSearch()
  const choose = (chosen: DocumentTab) =>
    void navigate({ to: "/documents/$id", params: { id: document.id }, search: { tab: chosen }, replace: true })
  return (
    <>
      <div className="row">
        <UrgencyBadge urgency={document.urgency} />
        {document.signatures && <SignatureBadge verdict={document.signatures} />}
        {may("traces.read") && (
          <ButtonLink href={`/trace?find=${document.id}`} icon="route">
            {say("document.toTrace")}
          </ButtonLink>
        )}
        {document.sent && !document.recalled && may("documents.recall") && <Recall id={document.id} />}
      </div>
      {may("deliveries.acknowledge") && <Answering id={document.id} />}
      <Tabs
        label={say("document.parts")}
        chosen={tab}
        onChoose={choose}
        tabs={[
          { id: "overview", title: say("document.overview"), content: <Overview document={document} /> },
          { id: "board", title: say("board.title"), content: <Board id={document.id} code={document.code || document.id} /> },
          { id: "signatures", title: say("document.signatures"), content: <Signatures id={document.id} /> },
        ]}
      />
    </>
  )
}

function Overview({ document }: { document: Document }) {
  return (
    <div className="more">
      <div className="card">
        <About document={document} />
      </div>
      <Attachments id={document.id} sent={document.sent} />
    </div>
  )
}
