import { expect, test } from "vitest"
import type { Schemas } from "../../api/client"
import { followedLane, minutesUntil, ownLane } from "./lane"

const delivery = (id: string, urgency: number, ...due: (string | undefined)[]) =>
  ({
    id,
    document: `d${id}`,
    code: "1/A",
    subject: "S",
    urgency,
    sender: { code: "H49", name: "" },
    clocks: due.map((until) => ({ rule: "receipt", ...(until ? { due: until } : { stopped: "2026-11-20T01:00:00Z" }) })),
  }) as unknown as Schemas["Delivery"]

test("only what is urgent, the first to be due first, without a time last", () => {
  const lane = ownLane([
    delivery("1", 1, "2026-11-20T03:00:00Z"),
    delivery("2", 0, "2026-11-20T01:00:00Z"),
    delivery("3", 3, undefined),
    delivery("4", 4, "2026-11-20T04:00:00Z", "2026-11-20T02:00:00Z"),
  ])
  expect(lane.map((one) => one.delivery)).toEqual(["4", "1", "3"])
  expect(lane[0]).toMatchObject({ due: Date.parse("2026-11-20T02:00:00Z"), who: "H49", href: "/documents/d4" })
})

test("what is followed leads to its trace and names the recipient", () => {
  const one = { id: "é/1", sender: { code: "A", name: "Bộ A" }, recipient: { code: "B", name: "Bộ B" }, urgency: 2 } as unknown as Schemas["CountedDelivery"]
  expect(followedLane([one])[0]).toEqual({ delivery: "é/1", href: "/trace?find=%C3%A9%2F1", who: "Bộ B", subject: "Bộ A", urgency: 2 })
})

test("minutes are whole, and never nothing once the time has passed", () => {
  expect(minutesUntil(61_000, 0)).toBe(2)
  expect(minutesUntil(0, 0)).toBe(0)
  expect(minutesUntil(0, 1)).toBe(-1)
})
