import { describe, expect, it } from "vitest"
import type { Draft } from "./draft"
import { bodyOf } from "./sending"

const typed: Draft = {
  from: "H49",
  fields: {
    code_number: " 05 ",
    code_notation: "UBND-VX",
    place: "",
    promulgation_date: "2026-11-20",
    due_date: "",
    type_name: "Công văn",
    subject: "Về việc phối hợp",
    signer_position: "",
    signer_name: "Nguyễn Văn An",
  },
  urgency: "2",
  to: [{ code: "G12", name: "Bộ Tài chính" }],
}

describe("what is handed in", () => {
  it("of a PDF is what was typed, with days as edXML has them, and nothing that is empty", () => {
    expect(bodyOf(typed, "cong-van.pdf", "a1")).toEqual({
      code_number: "05",
      code_notation: "UBND-VX",
      promulgation_date: "2026/11/20",
      type_name: "Công văn",
      subject: "Về việc phối hợp",
      signer_name: "Nguyễn Văn An",
      from: { id: "H49" },
      to: [{ id: "G12", name: "Bộ Tài chính" }],
      type: "2",
      priority: "2",
      attachments: [{ upload: "a1", name: "cong-van.pdf" }],
    })
  })

  it("of an edXML file is the file alone", () => {
    expect(bodyOf(typed, "cong-van.EDXML", "a1")).toEqual({ upload: "a1" })
  })
})
