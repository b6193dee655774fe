// What somebody wishes to be told, and when not.
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { api, given, query, type Schemas } from "../../api/client"
import { useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Checkbox } from "../../parts/Field"
import { Select } from "../../parts/Select"
import { Failure, Loaded } from "../../parts/States"
import { PATH } from "./reading"
import type { Kind } from "./told"

type Kept = Schemas["NotificationPreferences"]
const KEPT = "/api/v1/me/notification-preferences"
const EVENING = "21:00"
const MORNING = "06:00"
const HALF_HOURS = Array.from({ length: 48 }, (_, i) => `${String(i >> 1).padStart(2, "0")}:${i % 2 === 0 ? "00" : "30"}`)

export function Preferences() {
  const kept = query.useQuery("get", KEPT, {}, { refetchOnWindowFocus: false })
  return <Loaded query={kept}>{(data) => <Choices kept={data} />}</Loaded>
}

function Choices({ kept }: { kept: Kept }) {
  const say = useSay()
  const cache = useQueryClient()
  const [hidden, setHidden] = useState<readonly Kind[]>(kept.kinds.filter(({ shown }) => !shown).map(({ kind }) => kind))
  const [quiet, setQuiet] = useState(kept.quiet)
  const [wrong, setWrong] = useState(false)
  const save = useMutation({
    mutationFn: () => given(api.PUT(KEPT, { body: { hidden: [...hidden], ...(quiet ? { quiet } : {}) } })),
    onSuccess: async (now) => {
      cache.setQueryData(["get", KEPT, {}], now)
      await cache.invalidateQueries({ queryKey: ["get", PATH] })
    },
  })
  const change = () => {
    setWrong(false)
    save.reset()
  }
  const show = (kind: Kind, shown: boolean) => {
    change()
    setHidden(shown ? hidden.filter((one) => one !== kind) : [...hidden, kind])
  }
  const changeQuiet = (changed: Kept["quiet"]) => {
    change()
    setQuiet(changed)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const same = quiet !== undefined && quiet.from === quiet.to
    setWrong(same)
    if (!same && !save.isPending) save.mutate()
  }
  return (
    <form className="more" onSubmit={submit}>
      <div className="card" role="group" aria-labelledby="shown">
        <h2 id="shown">{say("notifications.shown")}</h2>
        <p className="faint">{say("notifications.alwaysAbout")}</p>
        <ul className="lines">
          {kept.kinds.map(({ kind, escalates }) => (
            <li key={kind}>
              <Checkbox isSelected={escalates || !hidden.includes(kind)} isDisabled={escalates} onChange={(shown) => show(kind, shown)}>
                {say(`notifications.kind.${kind}`)}
              </Checkbox>
              {escalates && (
                <Badge tone="plain" icon="lock">
                  {say("notifications.always")}
                </Badge>
              )}
            </li>
          ))}
        </ul>
      </div>
      <div className="card" role="group" aria-labelledby="quiet">
        <h2 id="quiet">{say("notifications.quiet")}</h2>
        <p className="faint">{say("notifications.quietAbout")}</p>
        <Checkbox isSelected={quiet !== undefined} onChange={(on) => changeQuiet(on ? { from: EVENING, to: MORNING } : undefined)}>
          {say("notifications.quietOn")}
        </Checkbox>
        {quiet && (
          <div className="row">
            <Hour label={say("notifications.quietFrom")} value={quiet.from} onChange={(from) => changeQuiet({ ...quiet, from })} />
            <Hour label={say("notifications.quietTo")} value={quiet.to} onChange={(to) => changeQuiet({ ...quiet, to })} />
          </div>
        )}
        {wrong && (
          <p role="alert" className="notice bad">
            {say("notifications.quietSame")}
          </p>
        )}
      </div>
      <p className="faint">{say("notifications.onScreenOnly")}</p>
      {save.error !== null && <Failure error={save.error} />}
      <div className="row">
        <Button type="submit" look="first" isPending={save.isPending}>
          {say("notifications.save")}
        </Button>
        <p role="status">{save.isSuccess && say("notifications.saved")}</p>
      </div>
    </form>
  )
}

/** By half hours, in the form of 24 hours whatever the browser prefers; one that was set elsewhere stays. */
function Hour({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const all = HALF_HOURS.includes(value) ? HALF_HOURS : [...HALF_HOURS, value].sort()
  return <Select label={label} choices={all.map((one) => ({ value: one, text: one }))} value={value} onChange={onChange} />
}
