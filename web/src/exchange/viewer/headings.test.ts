import { expect, test } from "vitest"
import { headingsOf } from "./headings"

const source = (outline: unknown, pages = 3) =>
  ({
    numPages: pages,
    getOutline: () => Promise.resolve(outline),
    getDestination: (name: string) => Promise.resolve(name === "two" ? [{ num: 1 }] : null),
    getPageIndex: (ref: { num: number } | undefined) => (ref ? Promise.resolve(ref.num) : Promise.reject(new Error("none"))),
  }) as never

const one = (title: string, dest: unknown, ...items: unknown[]) => ({ title, dest, items })

test("headings in order, with the page that they lead to", async () => {
  const outline = [one(" Phần  I ", [{ num: 0 }], one("1.", "two")), one("II", [2])]
  expect(await headingsOf(source(outline))).toEqual([
    { title: "Phần I", page: 1, depth: 0 },
    { title: "1.", page: 2, depth: 1 },
    { title: "II", page: 3, depth: 0 },
  ])
})

test("what leads nowhere, outside the paper or has no words is left out", async () => {
  const outline = [one("address", null), one("unknown", "none"), one("far", [99]), one("  ", [0])]
  expect(await headingsOf(source(outline))).toEqual([])
  expect(await headingsOf(source(null))).toEqual([])
})

test("a table of contents of a stranger is bounded", async () => {
  const endless: { title: string; dest: unknown; items: unknown[] } = one("x".repeat(5000), [0])
  endless.items = [endless]
  const found = await headingsOf(source([endless, ...Array.from({ length: 5000 }, () => one("y", [1]))]))
  expect(found.length).toBeLessThanOrEqual(500)
  expect(found[0]?.title.length).toBe(200)
})
