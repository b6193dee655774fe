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

const rowId = ({ index }: Entry) => String(index)
const rowHref = ({ index }: Entry) => `/log?entry=${index}`

/** The entries of one tile, the newest tile at first. */
export function Entries({ head, tile, onTile }: { head: Head; tile: string | undefined; onTile: (tile: string) => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const newest = Math.max(0, Math.floor((head.size - 1) / TILE_WIDTH))
  const shown = Math.min(newest, /^\d{1,13}$/.test(tile ?? "") ? Number(tile) : newest)
  const found = useQuery({ queryKey: ["log", "entries", shown, head], queryFn: () => entriesOf(head, shown), enabled: head.size > 0, retry: false })
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
          <Loaded query={found}>{(rows) => <Table label={say("log.entries")} columns={columns} rows={rows} rowId={rowId} rowHref={rowHref} />}</Loaded>
          <div className="row">
            <Button icon="left" isDisabled={shown >= newest} onPress={() => onTile(String(shown + 1))}>
              {say("log.newer")}
            </Button>
            <span role="status">
              {say("log.range", { first: numberText(shown * TILE_WIDTH, language), last: numberText(Math.min(head.size, (shown + 1) * TILE_WIDTH) - 1, language), size: numberText(head.size, language) })}
            </span>
            <Button icon="right" isDisabled={shown === 0} onPress={() => onTile(String(shown - 1))}>
              {say("log.older")}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}
