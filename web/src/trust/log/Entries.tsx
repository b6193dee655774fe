import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Empty, Loaded } from "../../parts/States"
import { Table, type TableColumn } from "../../parts/Table"
import { hexOf } from "../known/fingerprint"
import { entriesOf, type Entry } from "./look"
import type { Head } from "./note"
import { TILE_WIDTH } from "./tiles"

const PAGE = 32 // entries: a tile has eight pages

const rowId = ({ index }: Entry) => String(index)
const rowHref = ({ index }: Entry) => `/log?entry=${index}`

/** A part of one tile, the newest at first. */
export function Entries({ head, page, onPage }: { head: Head; page: string | undefined; onPage: (page: string) => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const newest = Math.max(0, Math.floor((head.size - 1) / PAGE))
  const shown = Math.min(newest, /^\d{1,13}$/.test(page ?? "") ? Number(page) : newest)
  const tile = Math.floor((shown * PAGE) / TILE_WIDTH)
  const found = useQuery({ queryKey: ["log", "entries", tile, head], queryFn: () => entriesOf(head, tile), enabled: head.size > 0, retry: false })
  const isShown = ({ index }: Entry) => Math.floor(index / PAGE) === shown
  const columns = useMemo<TableColumn<Entry>[]>(
    () => [
      { id: "number", title: say("log.number"), names: true, width: 110, cell: ({ index }) => numberText(index, language) },
      { id: "what", title: say("log.what"), minWidth: 180, cell: ({ evidence, bytes }) => (evidence ? say("log.isEvidence") : say("log.isOther", { bytes })) },
      { id: "hash", title: say("log.fingerprint"), share: 3, minWidth: 240, cell: ({ evidence }) => (evidence ? hexOf(evidence) : "–") },
    ],
    [say, language],
  )
  return (
    <section className="more" aria-labelledby="entries">
      <h2 id="entries">{say("log.entries")}</h2>
      <p>{say("log.entriesAbout")}</p>
      {head.size === 0 ? (
        <Empty title={say("log.empty")} />
      ) : (
        <>
          <Loaded query={found}>{(all) => <Table label={say("log.entries")} columns={columns} rows={all.filter(isShown)} rowId={rowId} rowHref={rowHref} />}</Loaded>
          <div className="row">
            <Button icon="left" isDisabled={shown >= newest} onPress={() => onPage(String(shown + 1))}>
              {say("log.newer")}
            </Button>
            <span role="status">
              {say("log.range", { first: numberText(shown * PAGE, language), last: numberText(Math.min(head.size, (shown + 1) * PAGE) - 1, language), size: numberText(head.size, language) })}
            </span>
            <Button icon="right" isDisabled={shown === 0} onPress={() => onPage(String(shown - 1))}>
              {say("log.older")}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
