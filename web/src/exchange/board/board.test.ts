import { describe, expect, it } from "vitest"
import type { Schemas } from "../../api/client"
import { boardRow, countsOf, csvCell } from "./board"

const text = { vi: "", en: "" }
const hop = (kind: Schemas["Hop"]["kind"], time: string, detail?: string): Schemas["Hop"] => ({
  kind,
  time,
  by: "H41",
  text,
  ...(detail ? { detail } : {}),
})

function traced(hops: Schemas["Hop"][], more: Partial<Schemas["TracedDelivery"]> = {}): Schemas["TracedDelivery"] {
  return {
    id: "1",
    recipient: "H41",
    recipient_name: "UBND tỉnh",
    state: "done",
    state_text: text,
    recall: "none",
    holder: "recipient",
    clocks: [],
    hops,
    proofs: [],
    ...more,
  }
}

describe("boardRow", () => {
  it("takes the first time of each state", () => {
    const row = boardRow(
      traced([
        hop("available", "2026-11-20T01:00:00Z"),
        hop("acknowledged", "2026-11-20T01:05:00Z"),
        hop("status", "2026-11-20T02:00:00Z", "01"),
        hop("status", "2026-11-20T03:00:00Z", "03"),
        hop("status", "2026-11-21T03:00:00Z", "03"),
        hop("status", "2026-11-22T03:00:00Z", "06"),
      ]),
    )
    expect(row.times).toEqual({
      arrived: "2026-11-20T01:05:00Z",
      accepted: "2026-11-20T03:00:00Z",
      finished: "2026-11-22T03:00:00Z",
    })
  })

  it("shows a refusal apart, and no acceptance", () => {
    const row = boardRow(traced([hop("status", "2026-11-20T03:00:00Z", "02")]))
    expect(row.refused).toBe("2026-11-20T03:00:00Z")
    expect(row.times.accepted).toBeUndefined()
  })

  it("knows both ways of giving back", () => {
    expect(boardRow(traced([hop("recalled", "2026-11-20T03:00:00Z")])).times.returned).toBeDefined()
    expect(boardRow(traced([hop("recall_answered", "2026-11-20T03:00:00Z", "15")])).times.returned).toBeDefined()
    expect(boardRow(traced([hop("recall_answered", "2026-11-20T03:00:00Z", "16")])).times.returned).toBeUndefined()
  })

  it("is late only while the clock runs", () => {
    const clock = { rule: "receipt", urgent: false, started: "2026-11-20T01:00:00Z", paused: false, late: true, late_minutes: 5 } as const
    expect(boardRow(traced([], { clocks: [clock] })).late).toBe(true)
    expect(boardRow(traced([], { clocks: [{ ...clock, stopped: "2026-11-21T01:00:00Z" }] })).late).toBe(false)
  })
})

describe("countsOf", () => {
  it("counts recipients, not reports", () => {
    const rows = [
      boardRow(traced([hop("status", "2026-11-20T03:00:00Z", "01"), hop("status", "2026-11-20T04:00:00Z", "01")])),
      boardRow(traced([])),
    ]
    expect(countsOf(rows)).toMatchObject({ arrived: 1, accepted: 0 })
  })
})

describe("csvCell", () => {
  it("lets no spreadsheet calculate", () => {
    expect(csvCell('=HYPERLINK("http://x")')).toBe(`"'=HYPERLINK(""http://x"")"`)
    for (const start of ["=", "+", "-", "@", "\t", "\r"]) expect(csvCell(`${start}1`)).toBe(`"'${start}1"`)
    expect(csvCell("UBND tỉnh, A")).toBe('"UBND tỉnh, A"')
  })
})
