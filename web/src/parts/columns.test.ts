import { describe, expect, it } from "vitest"
import { placed, type TableColumn } from "./columns"

const column = (id: string, more: Partial<TableColumn<string>> = {}): TableColumn<string> => ({ id, title: id, minWidth: 100, cell: (row) => row, ...more })
const shape = (columns: TableColumn<string>[], width: number) =>
  placed(columns, width).map(({ column: { id }, below }) => [id, ...below.map((one) => one.id)].join(" > "))

describe("placed", () => {
  const columns = [
    column("code"),
    column("urgency", { below: { column: "code", when: "always" } }),
    column("subject", { minWidth: 200 }),
    column("sender", { below: { column: "subject", when: 2 } }),
    column("at", { below: { column: "sender", when: 1 } }),
  ]
  it("keeps columns beside each other where they fit", () => {
    expect(shape(columns, 500)).toEqual(["code > urgency", "subject", "sender", "at"])
  })
  it("has columns give way in their order", () => {
    expect(shape(columns, 499)).toEqual(["code > urgency", "subject", "sender > at"])
  })
  it("puts what stood below a column that gives way with that one", () => {
    expect(shape(columns, 399)).toEqual(["code > urgency", "subject > sender > at"])
  })
  it("folds nothing but what always is before the width is known", () => {
    expect(shape(columns, 0)).toEqual(["code > urgency", "subject", "sender", "at"])
  })
  it("reckons a fixed width as such", () => {
    const fixed = [column("a", { width: 300 }), column("b", { below: { column: "a", when: 1 } })]
    expect(shape(fixed, 399)).toEqual(["a > b"])
    expect(shape(fixed, 400)).toEqual(["a", "b"])
  })
})
