import { describe, expect, it } from "vitest"
import { piecesOf } from "./marked"

const shown = (text: string, ...marks: [number, number][]) =>
  piecesOf({ text, marks: marks.map(([from, to]) => ({ from, to })) })
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join("")

describe("piecesOf", () => {
  it("marks what was found, with its accents", () => {
    expect(shown("Về việc phòng chống dịch", [8, 13])).toBe("Về việc [phòng] chống dịch")
    expect(shown("dịch", [0, 4])).toBe("[dịch]")
    expect(shown("không gì")).toBe("không gì")
    expect(shown("")).toBe("")
  })
  it("counts letters beyond the first plane as one", () => {
    expect(shown("𠀀𠀀 chữ Nôm", [3, 6])).toBe("𠀀𠀀 [chữ] Nôm")
  })
  it("loses and repeats nothing when marks touch or overlap", () => {
    expect(shown("một hai ba", [0, 3], [3, 7])).toBe("[một][ hai] ba")
    expect(shown("một hai ba", [0, 5], [4, 7])).toBe("[một h][ai] ba")
  })
})
