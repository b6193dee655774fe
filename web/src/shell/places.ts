import type { Permission } from "../identity/me"
import { useSay } from "../language/language"
import type { IconName } from "../parts/Icon"

export interface Place {
  href: string
  text: string
  icon: IconName
}

/** Where somebody with these permissions can go; what they may not see is not offered. */
export function usePlaces(may: (permission: Permission) => boolean): Place[] {
  const say = useSay()
  const all: (Place & { needs?: Permission })[] = [
    { href: "/", text: say("home.title"), icon: "home" },
    { href: "/trace", text: say("trace.title"), icon: "route", needs: "traces.read" },
    { href: "/search", text: say("search.title"), icon: "search", needs: "documents.read" },
    { href: "/send", text: say("send.title"), icon: "send", needs: "documents.send" },
    { href: "/inbox", text: say("inbox.title"), icon: "inbox", needs: "documents.read" },
    { href: "/received", text: say("received.title"), icon: "check", needs: "documents.read" },
    { href: "/outbox", text: say("outbox.title"), icon: "outbox", needs: "documents.read" },
    { href: "/urgent", text: say("urgent.title"), icon: "urgent", needs: "statistics.read" },
    { href: "/late", text: say("late.title"), icon: "late", needs: "traces.read" },
    { href: "/figures", text: say("figures.title"), icon: "figures", needs: "statistics.read" },
    { href: "/systems", text: say("systems.title"), icon: "key", needs: "systems.manage" },
    { href: "/integrations", text: say("integrations.title"), icon: "route", needs: "systems.manage" },
    { href: "/certificates", text: say("certificates.title"), icon: "key", needs: "platform.operate" },
    { href: "/platform", text: say("platform.title"), icon: "told", needs: "platform.operate" },
    { href: "/journal", text: say("journal.title"), icon: "seal", needs: "audit.read" },
    { href: "/verify", text: say("verify.title"), icon: "check" },
  ]
  return all.filter(({ needs }) => needs === undefined || may(needs))
}
