import { useEffect, useMemo } from "react"
import { useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"
import type { Look } from "./look"

/** What a failed check means, what to keep, and whom to call. Nothing while all is well. */
export function Failed({ look, witnesses }: { look: Look; witnesses: readonly string[] }) {
  const say = useSay()
  const faults = [
    ...(look.signature === "wrong" ? [say("log.fault.signature")] : []),
    ...(look.tiles === "wrong" ? [say("log.fault.tiles")] : []),
    ...(look.before?.outcome === "wrong" ? [look.before.size > look.head.size ? say("log.fault.shorter") : say("log.fault.rewritten")] : []),
  ]
  if (faults.length === 0) return null
  return (
    <section role="alert" className="state bad">
      <h2 className="title">
        <Icon name="wrong" />
        {say("log.fault.title")}
      </h2>
      {faults.map((one) => (
        <p key={one}>{one}</p>
      ))}
      <p>{witnesses.length > 0 ? say("log.fault.call", { witnesses: witnesses.join(", ") }) : say("log.fault.callNobody")}</p>
      <Save look={look} />
    </section>
  )
}

/** Both heads as they were signed: together they convict the log. */
function Save({ look: { note, before } }: { look: Look }) {
  const say = useSay()
  const address = useMemo(
    () => URL.createObjectURL(new Blob([JSON.stringify({ now: { note, at: new Date().toISOString() }, before: before?.seen ?? null }, null, 2)], { type: "application/json" })),
    [note, before],
  )
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  return (
    <a className="button" href={address} download="nhat-ky-minh-bach.json">
      <Icon name="save" />
      {say("log.fault.save")}
    </a>
  )
}
