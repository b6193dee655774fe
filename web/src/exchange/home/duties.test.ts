import { describe, expect, it } from "vitest"
import type { Schemas } from "../../api/client"
import { dutiesOf } from "./duties"

const NOW = new Date("2026-11-23T02:00:00Z") // Monday, 09:00 in Viet Nam
const party = (code: string) => ({ code, name: `Cơ quan ${code}` })

function clock(more: Partial<Schemas["Clock"]>): Schemas["Clock"] {
  return { rule: "receipt", urgent: false, started: "2026-11-20T02:00:00Z", paused: false, late: false, late_minutes: 0, ...more }
}

function delivery(id: string, more: Partial<Schemas["Delivery"]>): Schemas["Delivery"] {
  return {
    id,
    document: `document-${id}`,
    sender: party("A"),
    recipient: party("B"),
    code: `${id}/UBND-VX`,
    subject: "Về việc phối hợp",
    urgency: 0,
    state: "initial",
    recall: "none",
    accepted_at: "2026-11-20T02:00:00Z",
    updated_at: "2026-11-20T02:00:00Z",
    clocks: [],
    ...more,
  }
}

describe("dutiesOf", () => {
  it("puts what is late first, then what is due today, this week, and the rest", () => {
    const duties = dutiesOf(
      [
        delivery("1", { clocks: [clock({ due: "2026-11-25T02:00:00Z" })] }),
        delivery("2", { clocks: [clock({ due: "2026-11-23T09:00:00Z" })] }),
        delivery("3", { clocks: [clock({ due: "2026-11-20T09:00:00Z", late: true, late_minutes: 95 })] }),
        delivery("4", {}),
        delivery("5", { clocks: [clock({ due: "2026-11-30T02:00:00Z" })] }),
      ],
      [],
      NOW,
    )
    expect(duties.map((duty) => [duty.delivery, duty.group])).toEqual([
      ["3", "late"],
      ["2", "today"],
      ["1", "week"],
      ["5", "later"],
      ["4", "later"],
    ])
  })

  it("knows what is to be done by the state of the delivery", () => {
    const verbs = dutiesOf(
      [delivery("1", {}), delivery("2", { state: "processing" }), delivery("3", { state: "processing", recall: "requested" })],
      [],
      NOW,
    ).map((duty) => duty.verb)
    expect(verbs).toEqual(["take", "store", "answer"])
  })

  it("takes the clock that still runs and ends first", () => {
    const [duty] = dutiesOf(
      [
        delivery("1", {
          clocks: [
            clock({ due: "2026-11-21T02:00:00Z", stopped: "2026-11-20T03:00:00Z" }),
            clock({ rule: "recall", due: "2026-11-23T09:30:00Z" }),
          ],
        }),
      ],
      [],
      NOW,
    )
    expect(duty?.clock?.rule).toBe("recall")
    expect(duty?.group).toBe("today")
  })

  it("shows a delivery once when it is in the inbox and late as well", () => {
    const late = { delivery: "1", document: "document-1", code: "05/UBND-VX", sender: party("A"), recipient: party("B"), clock: clock({ late: true }) }
    const duties = dutiesOf([delivery("1", { clocks: [clock({ late: true })] })], [late, { ...late, delivery: "9", document: "document-9" }], NOW)
    expect(duties.map((duty) => duty.verb)).toEqual(["take", "follow"])
    expect(duties[1]?.code).toBe("05/UBND-VX")
  })

  it("counts the day in Viet Nam, not in UTC", () => {
    const due = clock({ due: "2026-11-23T18:00:00Z" }) // 01:00 of the 24th there
    expect(dutiesOf([delivery("1", { clocks: [due] })], [], NOW)[0]?.group).toBe("week")
  })

  it("ends the week on Sunday at midnight in Viet Nam", () => {
    const group = (due: string) => dutiesOf([delivery("1", { clocks: [clock({ due })] })], [], NOW)[0]?.group
    expect(group("2026-11-29T16:59:00Z")).toBe("week")
    expect(group("2026-11-29T17:00:00Z")).toBe("later")
  })

  it("follows the recipients of one document together, from the one who is late longest", () => {
    const late = (id: string, recipient: string, due: string) => ({
      delivery: id,
      document: "d",
      code: "05/UBND-VX",
      sender: party("A"),
      recipient: party(recipient),
      clock: clock({ late: true, due }),
    })
    const duties = dutiesOf([], [late("1", "B", "2026-11-20T09:00:00Z"), late("2", "C", "2026-11-20T08:00:00Z")], NOW)
    expect(duties).toHaveLength(1)
    expect(duties[0]).toMatchObject({ verb: "follow", document: "d", late: [party("B"), party("C")], clock: { due: "2026-11-20T08:00:00Z" } })
  })
})
