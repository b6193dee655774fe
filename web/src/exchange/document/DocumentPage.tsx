import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { query, type Schemas } from "../../api/client"
import { momentText, officialDateText } from "../../language/dates"
import { bytesText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
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
  const say = useSay()
  const { language } = useLanguage()
  const pairs: [string, string][] = [
    [say("document.sender"), `${document.sender.name} (${document.sender.code})`],
    [say("document.code"), document.code],
    [say("document.issued"), document.issued_on ? officialDateText(document.issued_on, language) : "–"],
    [say("document.accepted"), momentText(document.accepted_at, language)],
    [say("document.operation"), say(`operation.${document.operation}`)],
    [say("document.ownId"), document.document_id],
    [say("document.id"), document.id],
    [say("document.size"), bytesText(document.size, language)],
    [say("document.sha256"), document.sha256],
  ]
  return (
    <div className="more">
      <dl className="card pairs">
        {pairs.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Attachments id={document.id} sent={document.sent} />
    </div>
  )
}
