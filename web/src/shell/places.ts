import type { Permission } from "../identity/me"
import { useSay } from "../language/language"
import type { IconName } from "../parts/Icon"

const GROUPS = ["work", "figures", "operation", "administration"] as const
type Group = (typeof GROUPS)[number]

export interface Place {
  href: string
  text: string
  icon: IconName
  /** How much waits there. */
  count?: number
  group?: Group // of the work of every day without it
}

export interface PlaceGroup {
  id: Group
  title: string
  places: Place[]
}

/** Those that somebody has, by kind. */
export function usePlaceGroups(places: readonly Place[]): PlaceGroup[] {
  const say = useSay()
  return GROUPS.map((id) => ({ id, title: say(`places.${id}`), places: places.filter(({ group = "work" }) => group === id) })).filter(
    (one) => one.places.length > 0,
  )
}

/** Where somebody with these permissions can go; what they may not see is not offered. */
export function usePlaces(may: (permission: Permission) => boolean, waiting: number): Place[] {
  const say = useSay()
  const all: (Place & { needs?: Permission | Permission[] })[] = [
    { href: "/", text: say("home.title"), icon: "home" },
    { href: "/trace", text: say("trace.title"), icon: "route", needs: "traces.read" },
    { href: "/search", text: say("search.title"), icon: "search", needs: "documents.read" },
    { href: "/send", text: say("send.title"), icon: "send", needs: "documents.send" },
    { href: "/inbox", text: say("inbox.title"), icon: "inbox", needs: "documents.read" },
    { href: "/received", text: say("received.title"), icon: "check", needs: "documents.read" },
    { href: "/outbox", text: say("outbox.title"), icon: "outbox", needs: "documents.read" },
    { href: "/urgent", text: say("urgent.title"), icon: "urgent", needs: "statistics.read" },
    { href: "/late", text: say("late.title"), icon: "late", needs: "traces.read" },
    { href: "/figures", text: say("figures.title"), icon: "figures", needs: "statistics.read", group: "figures" },
    { href: "/systems", text: say("systems.title"), icon: "key", needs: "systems.manage", group: "operation" },
    { href: "/integrations", text: say("integrations.title"), icon: "pulse", needs: "systems.manage", group: "operation" },
    { href: "/certificates", text: say("certificates.title"), icon: "calendar", needs: "platform.operate", group: "operation" },
    { href: "/platform", text: say("platform.title"), icon: "told", needs: "platform.operate", group: "operation" },
    { href: "/log", text: say("log.title"), icon: "lock", needs: "platform.operate", group: "operation" },
    { href: "/journal", text: say("journal.title"), icon: "book", needs: "audit.read", group: "operation" },
    { href: "/organisations", text: say("organisations.title"), icon: "organisation", needs: "organisations.read", group: "administration" },
    { href: "/people", text: say("people.title"), icon: "person", needs: "people.manage", group: "administration" },
    { href: "/approvals", text: say("approvals.title"), icon: "check", needs: ["platform.operate", "audit.read"], group: "administration", count: waiting },
    { href: "/verify", text: say("verify.title"), icon: "seal" },
  ]
  return all.filter(({ needs = [] }) => (typeof needs === "string" ? may(needs) : needs.length === 0 || needs.some(may)))
}
