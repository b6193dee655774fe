import { expect, it } from "vitest"
import { matching } from "./all"

const person = (login: string, family_name: string, given_name: string) => ({ person: 1, login, family_name, given_name, title: "", mail: "", enabled: true, added_at: "2026-01-01T00:00:00Z" })

it("people are found by words of their name in any order, with or without marks, and by login", () => {
  const all = [person("van.thu", "Nguyễn Thị", "Hoa"), person("quan.tri", "Đỗ Minh", "Châu")]
  expect(matching(all, "hoa nguyen").map(({ login }) => login)).toEqual(["van.thu"])
  expect(matching(all, "do chau").map(({ login }) => login)).toEqual(["quan.tri"])
  expect(matching(all, "Đỗ").length).toBe(1)
  expect(matching(all, "van.thu").length).toBe(1)
  expect(matching(all, "").length).toBe(2)
  expect(matching(all, "khong ai").length).toBe(0)
})
