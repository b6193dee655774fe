// Connecting a system, live: its first call, what is refused and what to do about it, and a message to try it with.
import { useMutation } from "@tanstack/react-query"
import { api, given, type Schemas } from "../../api/client"
import { momentText } from "../../language/dates"
import { numberText } from "../../language/numbers"
import { useLanguage, useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Button } from "../../parts/Button"
import { Icon } from "../../parts/Icon"
import { Failure, Waiting } from "../../parts/States"
import { type Calls, useCalls } from "./calling"
import { refusalWords } from "./refusals"

type Probe = Schemas["SystemProbe"]

export function Connecting({ system }: { system: string }) {
  const { calls, error } = useCalls(system)
  if (!calls) return error === undefined ? <Waiting /> : <Failure error={error} />
  return (
    <>
      <LastCall calls={calls} />
      {calls.refused.length > 0 && <Refused refused={calls.refused} />}
      <Trial system={system} probe={calls.probe} />
    </>
  )
}

function LastCall({ calls: { first_call_at, last_call } }: { calls: Calls }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <section className="card" aria-labelledby="call">
      <h2 id="call">{say("systems.firstCall")}</h2>
      <p role="status" className="row">
        {last_call && <Icon name="check" />}
        <span className={last_call ? "" : "waits"}>
          {last_call ? say("systems.called", { at: momentText(last_call.at, language) }) : say("systems.waiting")}
        </span>
      </p>
      {last_call && (
        <p className="faint">
          {[
            ...(first_call_at ? [say("systems.firstAt", { at: momentText(first_call_at, language) })] : []),
            say(`systems.protocol.${last_call.protocol}`),
            ...(last_call.address ? [say("systems.address", { address: last_call.address })] : []),
          ].join("; ")}
        </p>
      )}
    </section>
  )
}

function Refused({ refused }: { refused: Calls["refused"] }) {
  const say = useSay()
  const { language } = useLanguage()
  return (
    <section className="card" aria-labelledby="refused">
      <h2 id="refused">{say("systems.refused")}</h2>
      <p className="faint">{say("systems.refusedAbout")}</p>
      <ul className="lines">
        {refused.map((one) => (
          <li key={one.reason}>
            <span className="grows">
              {say(refusalWords(one.reason))}
              <br />
              <span className="small faint">
                {say("systems.refusedLast", { reason: one.reason, at: momentText(one.last.at, language), address: one.last.address ?? "–" })}
              </span>
            </span>
            <Badge tone={one.last_hour > 0 ? "bad" : "plain"} icon={one.last_hour > 0 ? "wrong" : "clock"}>
              {say("systems.refusedCount", { hour: numberText(one.last_hour, language), all: numberText(one.calls, language) })}
            </Badge>
          </li>
        ))}
      </ul>
    </section>
  )
}

const MARKS = {
  waiting: { tone: "waiting", icon: "clock" },
  fetched: { tone: "told", icon: "inbox" },
  acknowledged: { tone: "good", icon: "check" },
  failed: { tone: "bad", icon: "wrong" },
  withdrawn: { tone: "plain", icon: "back" },
} as const

function Trial({ system, probe }: { system: string; probe: Probe | undefined }) {
  const say = useSay()
  const { language } = useLanguage()
  const work = useMutation({ mutationFn: () => given(api.POST("/api/v1/systems/{system}/probe", { params: { path: { system } } })) })
  // What was just sent is told before the exchange says how far it has come.
  const now = work.data && work.data.id !== probe?.id && (!probe || work.data.sent_at > probe.sent_at) ? work.data : probe
  const under = now?.state === "waiting" || now?.state === "fetched"
  const steps = now && [
    { text: say("systems.probe.sent", { organisation: now.organisation }), at: now.sent_at },
    { text: say("systems.probe.fetched"), at: now.fetched_at },
    { text: say("systems.probe.acknowledged"), at: now.acknowledged_at },
  ]
  return (
    <section className="card" aria-labelledby="probe">
      <h2 id="probe">{say("systems.probe")}</h2>
      <p>{say("systems.probeAbout")}</p>
      {now && steps && (
        <>
          <div role="status">
            <Badge {...MARKS[now.state]}>{say(`systems.probeState.${now.state}`)}</Badge> {say(`systems.probeRemedy.${now.state}`)}
          </div>
          <ol className="lines">
            {steps.map(({ text, at }) => (
              <li key={text}>
                <Icon name={at ? "check" : "clock"} />
                <span className="grows">{text}</span>
                <span className="faint">{at ? momentText(at, language) : say("systems.probe.notYet")}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {work.error !== null && <Failure error={work.error} />}
      <div>
        <Button icon="send" onPress={() => work.mutate()} isPending={work.isPending} isDisabled={under}>
          {now && !under ? say("systems.probeAgain") : say("systems.probeSend")}
        </Button>
      </div>
    </section>
  )
}
