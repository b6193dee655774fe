import { useQuery } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { api, given } from "../../api/client"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { Failure, Waiting } from "../../parts/States"
import { hexOf } from "../known/fingerprint"
import { type Entry, type Outcome, proven } from "./look"
import type { Head } from "./note"

type Found = { at: "waiting" | "beyond" } | { at: "found"; outcome: Outcome; entry: Entry | undefined; index: number }

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16))

/** By the number of the entry, or by the id of an evidence, of which the server says where it is. */
async function find(head: Head, wanted: string): Promise<Found> {
  let index = /^\d{1,15}$/.test(wanted) ? Number(wanted) : undefined
  let hash: Uint8Array | undefined
  if (index === undefined) {
    const named = await given(api.GET("/api/v1/log/evidences/{evidence}", { params: { path: { evidence: wanted } } }))
    if (named.log_index === undefined) return { at: "waiting" }
    index = named.log_index
    hash = bytesOf(named.hash)
  }
  if (index >= head.size) return { at: "beyond" }
  return { at: "found", index, ...(await proven(head, index, hash)) }
}

export function Lookup({ head, entry, onLook }: { head: Head; entry: string | undefined; onLook: (wanted: string) => void }) {
  const say = useSay()
  const [typed, setTyped] = useState(entry ?? "")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted = typed.replaceAll(/[\s.,]/g, "").toLowerCase()
    if (wanted !== "") onLook(wanted)
  }
  return (
    <section className="card" aria-labelledby="lookup">
      <h2 id="lookup">{say("log.lookup")}</h2>
      <form className="find asked" onSubmit={submit}>
        <TextField label={say("log.wanted")} hint={say("log.wantedHint")} value={typed} onChange={setTyped} autoComplete="off" maxLength={64} />
        <Button type="submit" icon="search">
          {say("log.look")}
        </Button>
      </form>
      {entry !== undefined && <Result key={entry} head={head} entry={entry} />}
    </section>
  )
}

function Result({ head, entry }: { head: Head; entry: string }) {
  const say = useSay()
  const { language } = useLanguage()
  const found = useQuery({ queryKey: ["log", "entry", entry, head], queryFn: () => find(head, entry), retry: false })
  if (found.isPending) return <Waiting />
  if (found.error) return <Failure error={found.error} again={() => void found.refetch()} />
  if (found.data.at !== "found")
    return (
      <p role="status" className="notice waiting">
        <Icon name="clock" />
        <span>{say(`log.${found.data.at}`)}</span>
      </p>
    )
  const { outcome, entry: one, index } = found.data
  return (
    <div role="status" className={outcome === "good" ? "notice" : "notice bad"}>
      <Icon name={outcome === "good" ? "check" : "wrong"} />
      <span>
        <b>{say(outcome === "good" ? "log.included" : "log.notIncluded", { number: numberText(index, language), size: numberText(head.size, language) })}</b>
        {one?.evidence && (
          <>
            <br />
            <span className="small">{say("log.evidence")}</span> <code className="long">{hexOf(one.evidence)}</code>
          </>
        )}
      </span>
    </div>
  )
}
