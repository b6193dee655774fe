// For an organisation without software of its own: what its clerk says of a document that came, each for one delivery.
import { useState } from "react"
import { api, given, query, type Schemas } from "../../api/client"
import { useOnce } from "../../api/once"
import { useOwnOrganisations } from "../../identity/me"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { TextArea, TextField } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { Select } from "../../parts/Select"
import { ClockBadge, StateBadge, StatusBadge } from "../words"
import { useAnswer } from "./answer"
import { type Answer, answersFor, needsReason, REPORTED, type Reported } from "./answers"

type Delivery = Schemas["Delivery"]
type Report = Schemas["Report"]

/** The deliveries of a document to the reader's organisations, with what can be said of each. */
export function Answering({ id }: { id: string }) {
  const { codes, everywhere } = useOwnOrganisations("deliveries.acknowledge")
  const { data } = query.useQuery("get", "/api/v1/documents/{id}/deliveries", { params: { path: { id } } })
  const own = (data?.items ?? []).filter(({ recipient }) => everywhere || codes.includes(recipient.code))
  return own.map((delivery) => <OwnDelivery key={delivery.id} delivery={delivery} />)
}

function OwnDelivery({ delivery }: { delivery: Delivery }) {
  const say = useSay()
  const answers = answersFor(delivery)
  const [asked, setAsked] = useState<Answer>()
  const close = () => setAsked(undefined)
  const titled = `answer-${delivery.id}`
  const clocks = delivery.clocks.filter((clock) => clock.stopped === undefined)
  return (
    <section className="card" aria-labelledby={titled}>
      <div className="row">
        <h2 id={titled}>{say("answer.title", { recipient: delivery.recipient.name || delivery.recipient.code })}</h2>
        <StateBadge state={delivery.state} />
        {delivery.status && <StatusBadge code={delivery.status.code} />}
        {clocks.map((clock) => (
          <ClockBadge key={clock.rule} clock={clock} />
        ))}
      </div>
      {delivery.recall === "requested" && <p>{say("answer.askedBack", { sender: delivery.sender.name || delivery.sender.code })}</p>}
      {answers.length > 0 && (
        <div className="row">
          {answers.map((answer, place) => (
            <Button key={answer} {...(place === 0 ? { look: "first" as const } : {})} onPress={() => setAsked(answer)}>
              {say(`answer.${answer}`)}
            </Button>
          ))}
        </div>
      )}
      <Dialog title={asked ? say(`answer.${asked}`) : ""} open={asked !== undefined} onClose={close}>
        {asked === "report" && <ReportForm delivery={delivery} onDone={close} />}
        {(asked === "store" || asked === "fail") && <ReceiptForm delivery={delivery} result={asked} onDone={close} />}
        {(asked === "giveBack" || asked === "keep") && (
          <RecallForm delivery={delivery} code={asked === "giveBack" ? "15" : "16"} onDone={close} />
        )}
      </Dialog>
    </section>
  )
}

function useReport({ id }: Delivery, onDone: () => void) {
  const once = useOnce()
  return useAnswer((body: Report) => {
    const params = { path: { id }, header: once(body) }
    return given(api.POST("/api/v1/deliveries/{id}/status", { params, body }))
  }, onDone)
}

function ReceiptForm({ delivery: { id }, result, onDone }: { delivery: Delivery; result: "store" | "fail"; onDone: () => void }) {
  const say = useSay()
  const once = useOnce()
  const fails = result === "fail"
  const [reason, setReason] = useState("")
  const work = useAnswer((body: Schemas["Acknowledgement"]) => {
    const params = { path: { id }, header: once(body) }
    return given(api.POST("/api/v1/deliveries/{id}/acknowledgement", { params, body }))
  }, onDone, ({ state }) => (state === (fails ? "fail" : "done") ? undefined : say("answer.before", { state: say(`delivery.${state}`) })))
  return (
    <Form
      about={fails ? say("answer.failAbout") : say("answer.storeAbout")}
      send={say("answer.send")}
      work={work}
      complete={!fails || reason.trim() !== ""}
      onSend={() => work.mutate(fails ? { result: "fail", reason: reason.trim() } : { result: "done" })}
    >
      {(wrong) => fails && <TextArea label={say("answer.reason")} value={reason} onChange={setReason} wrong={wrong} maxLength={2000} required />}
    </Form>
  )
}

function ReportForm({ delivery, onDone }: { delivery: Delivery; onDone: () => void }) {
  const say = useSay()
  const [code, setCode] = useState<Reported>("03")
  const [words, setWords] = useState("")
  const [department, setDepartment] = useState("")
  const [staff, setStaff] = useState("")
  const work = useReport(delivery, onDone)
  const wanted = needsReason(code)
  const body: Report = {
    code,
    ...(words.trim() ? { description: words.trim() } : {}),
    ...(department.trim() ? { department: department.trim() } : {}),
    ...(staff.trim() ? { staff: staff.trim() } : {}),
  }
  return (
    <Form about={say("answer.reportAbout")} send={say("answer.send")} work={work} complete={!wanted || words.trim() !== ""} onSend={() => work.mutate(body)}>
      {(wrong) => (
        <>
          <Select
            label={say("answer.state")}
            choices={REPORTED.map((value) => ({ value, text: say(`status.${value}`) }))}
            value={code}
            onChange={setCode}
          />
          <TextArea
            label={wanted ? say("answer.reason") : say("answer.words")}
            value={words}
            onChange={setWords}
            wrong={wrong}
            maxLength={2000}
            required={wanted}
          />
          <TextField label={say("answer.department")} value={department} onChange={setDepartment} maxLength={500} autoComplete="off" />
          <TextField label={say("answer.staff")} value={staff} onChange={setStaff} maxLength={200} autoComplete="off" />
        </>
      )}
    </Form>
  )
}

function RecallForm({ delivery, code, onDone }: { delivery: Delivery; code: "15" | "16"; onDone: () => void }) {
  const say = useSay()
  const [words, setWords] = useState("")
  const work = useReport(delivery, onDone)
  const wanted = needsReason(code)
  return (
    <Form
      about={wanted ? say("answer.keepAbout") : say("answer.giveBackAbout")}
      send={say("answer.send")}
      work={work}
      complete={!wanted || words.trim() !== ""}
      onSend={() => work.mutate({ code, ...(words.trim() ? { description: words.trim() } : {}) })}
    >
      {(wrong) => (
        <TextArea
          label={wanted ? say("answer.reason") : say("answer.words")}
          value={words}
          onChange={setWords}
          wrong={wrong}
          maxLength={2000}
          required={wanted}
        />
      )}
    </Form>
  )
}
