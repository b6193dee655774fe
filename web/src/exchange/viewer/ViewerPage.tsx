// A paper of a document, with what is known of it beside it.
import { getRouteApi } from "@tanstack/react-router"
import type { PDFDocumentProxy } from "pdfjs-dist"
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react"
import { flushSync } from "react-dom"
import { Disconnected, query } from "../../api/client"
import { useSay } from "../../language/language"
import { Button, ButtonLink } from "../../parts/Button"
import { TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { Empty, Failure, Loaded, Waiting } from "../../parts/States"
import { Page } from "../../shell/Page"
import { Contents } from "./Contents"
import { Drawer } from "./Drawer"
import { openAddress } from "./pdf"
import { Sheets } from "./Sheets"
import "./viewer.css"

const PrintDialog = lazy(async () => ({ default: (await import("./printing/PrintDialog")).PrintDialog }))
const route = getRouteApi("/documents/$id/files/$number")
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3] as const
const FITTED = 1.25

export function ViewerPage() {
  const say = useSay()
  const { id, number } = route.useParams()
  const files = query.useQuery("get", "/api/v1/documents/{id}/attachments", { params: { path: { id } } })
  const file = files.data?.items.find((one) => String(one.number) === number)
  const address = `/api/v1/documents/${id}/attachments/${number}`
  return (
    <Page key={address} title={file?.name || say("viewer.title")} beside={<ButtonLink href={`/documents/${id}`} icon="back">{say("viewer.back")}</ButtonLink>}>
      <Loaded query={files}>
        {() =>
          file ? (
            <div className="viewer">
              <Paper address={address} name={file.name} />
              <Drawer id={id} />
            </div>
          ) : (
            <Empty title={say("viewer.none")} />
          )
        }
      </Loaded>
    </Page>
  )
}

interface Opened {
  document: PDFDocumentProxy
  size: { width: number; height: number }
}

type Now = { opened?: Opened; error?: "broken" | "away" }

// pdf.js says of an answer that came and was a refusal that it is one; a browser's word for none that came has "fetch".
const kindOf = (error: unknown) =>
  error instanceof Error && (error.name === "ResponseException" || /fetch|network/i.test(error.message)) ? "away" : "broken"

/** The file once its first page is here. */
function useOpened(address: string, attempt: number): Now {
  const [now, setNow] = useState<Now>({})
  useEffect(() => {
    let over = false
    const loading = openAddress(address)
    loading
      .then(async (document) => {
        const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 })
        if (!over) setNow({ opened: { document, size: { width, height } } })
      })
      .catch((error: unknown) => !over && setNow({ error: kindOf(error) }))
    return () => {
      over = true
      loading.then(
        (document) => document.loadingTask.destroy(),
        () => undefined,
      )
    }
  }, [address, attempt])
  return now
}

function Paper({ address, name }: { address: string; name: string }) {
  const say = useSay()
  const [attempt, setAttempt] = useState(0)
  const { opened, error } = useOpened(address, attempt)
  if (opened) return <Reading {...opened} address={address} name={name} />
  if (error === undefined) return <Waiting />
  if (error === "away") return <Failure error={new Disconnected()} again={() => setAttempt(attempt + 1)} />
  return (
    <div role="alert" className="state bad">
      <p className="title">
        <Icon name="wrong" />
        {say("viewer.broken")}
      </p>
      <p>{say("viewer.brokenRemedy")}</p>
      <a className="button" href={address} download={name}>
        <Icon name="save" />
        {say("viewer.save")}
      </a>
    </div>
  )
}

function Reading({ document, size, address, name }: Opened & { address: string; name: string }) {
  const say = useSay()
  const [zoom, setZoom] = useState<number>()
  const [room, setRoom] = useState(0)
  const [now, setNow] = useState(1)
  const [typed, setTyped] = useState("1")
  const [contents, setContents] = useState(false)
  const [printing, setPrinting] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    setRoom(element.getBoundingClientRect().width) // before anything is drawn in another size
    const watched = new ResizeObserver(([one]) => setRoom(one?.contentRect.width ?? 0))
    watched.observe(element)
    return () => watched.disconnect()
  }, [])
  const scale = zoom ?? Math.min(FITTED, room > 0 ? (room - 2) / size.width : FITTED)
  const seen = useCallback((number: number) => {
    setNow(number)
    setTyped(String(number))
  }, [])
  const go = (number: number) => {
    const wanted = Math.min(document.numPages, Math.max(1, number))
    flushSync(() => seen(wanted)) // then it is on the page
    globalThis.document.getElementById(`sheet-${wanted}`)?.scrollIntoView()
  }
  const smaller = ZOOMS.findLast((one) => one < scale - 0.01)
  const larger = ZOOMS.find((one) => one > scale + 0.01)
  return (
    <div>
      <form
        className="row tools"
        aria-label={say("viewer.tools")}
        onSubmit={(event) => {
          event.preventDefault()
          go(Number.parseInt(typed, 10) || now)
        }}
      >
        <Button icon="menu" aria-expanded={contents} onPress={() => setContents(!contents)}>
          {say("viewer.contents")}
        </Button>
        <Button icon="left" aria-label={say("viewer.before")} isDisabled={now <= 1} onPress={() => go(now - 1)} />
        <TextField label={say("viewer.go")} value={typed} onChange={setTyped} inputMode="numeric" autoComplete="off" maxLength={6} />
        <span role="status">{say("viewer.of", { number: now, count: document.numPages })}</span>
        <Button icon="right" aria-label={say("viewer.after")} isDisabled={now >= document.numPages} onPress={() => go(now + 1)} />
        <Button isDisabled={smaller === undefined} onPress={() => setZoom(smaller)}>
          {say("viewer.smaller")}
        </Button>
        <Button isDisabled={larger === undefined} onPress={() => setZoom(larger)}>
          {say("viewer.larger")}
        </Button>
        <a className="button" href={address} download={name}>
          <Icon name="save" />
          {say("viewer.save")}
        </a>
        <Button icon="seal" onPress={() => setPrinting(true)}>
          {say("printing.title")}
        </Button>
      </form>
      {printing && (
        <Suspense>
          <PrintDialog document={document} address={address} onClose={() => setPrinting(false)} />
        </Suspense>
      )}
      <div className="reading">
        {contents && <Contents document={document} size={size} now={now} go={go} />}
        {/* A region that scrolls: arrows, Page Up and Page Down move in it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div ref={box} className="sheets" tabIndex={0} role="region" aria-label={name}>
          <Sheets document={document} scale={scale} size={size} now={now} onSeen={seen} />
        </div>
      </div>
    </div>
  )
}
