import { useEffect } from "react"
import { Link } from "react-aria-components"
import { query } from "../../api/client"
import { bytesText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"
import { Loaded } from "../../parts/States"
import { fetchViewer, fetchViewerIdly, startViewer } from "../viewer/ahead"

const isPaper = (name: string) => /\.pdf$/i.test(name)

/** What is attached; taking a file counts as fetching the document, and a recipient is told so before. */
export function Attachments({ id, sent }: { id: string; sent: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const files = query.useQuery("get", "/api/v1/documents/{id}/attachments", { params: { path: { id } } })
  const papers = files.data?.items.some(({ name }) => isPaper(name)) ?? false
  useEffect(() => (papers ? fetchViewerIdly() : undefined), [papers])
  return (
    <section className="card" aria-labelledby="attachments">
      <h2 id="attachments">{say("attachments.title")}</h2>
      {!sent && <p className="small faint">{say("attachments.counts")}</p>}
      <Loaded query={files}>
        {({ items }) => (
          <ul className="more">
            {items.map((file) => (
              <li key={file.number} className="row">
                <Icon name="save" />
                <a href={`/api/v1/documents/${id}/attachments/${file.number}`} download={file.name}>
                  {file.name}
                </a>
                <span className="faint">{bytesText(file.size, language)}</span>
                {file.description && <span>{file.description}</span>}
                {isPaper(file.name) && (
                  <Link
                    href={`/documents/${id}/files/${file.number}`}
                    aria-label={say("viewer.open", { name: file.name })}
                    onHoverStart={fetchViewer}
                    onFocus={fetchViewer}
                    onPressStart={startViewer}
                  >
                    {say("viewer.view")}
                  </Link>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  )
}
