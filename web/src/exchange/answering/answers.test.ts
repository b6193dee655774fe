import { describe, expect, it } from "vitest"
import { answersFor } from "./answers"

describe("answersFor", () => {
  it("asks for a receipt before anything is reported", () => {
    expect(answersFor({ state: "initial", recall: "none" })).toEqual(["store", "fail"])
    expect(answersFor({ state: "processing", recall: "none" })).toEqual(["store", "fail"])
    expect(answersFor({ state: "done", recall: "none" })).toEqual(["report"])
  })
  it("puts a request to give back before everything else", () => {
    expect(answersFor({ state: "done", recall: "requested" })).toEqual(["giveBack", "keep"])
    expect(answersFor({ state: "done", recall: "refused" })).toEqual(["report"])
  })
  it("has nothing to say of what is gone", () => {
    expect(answersFor({ state: "withdrawn", recall: "none" })).toEqual([])
    expect(answersFor({ state: "done", recall: "agreed" })).toEqual([])
    expect(answersFor({ state: "fail", recall: "none" })).toEqual([])
  })
})
