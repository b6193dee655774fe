// What is around every page: the way past it by keyboard, the bar on top, navigation by what the caller may do, and
// what concerns all pages: no network, the end of a session, work under way.
import { Outlet, useNavigate, useRouter, useRouterState } from "@tanstack/react-router"
import { lazy, Suspense, useEffect, useLayoutEffect } from "react"
import { RouterProvider as AriaRouter } from "react-aria-components"
import { useSession } from "../api/session"
import { useDecisions } from "../identity/approvals/waiting"
import { useMay } from "../identity/me"
import { Door } from "../identity/sign-in/Door"
import { useSay } from "../language/language"
import { Icon } from "../parts/Icon"
import { Menu } from "../parts/Menu"
import { ToastPlace } from "../parts/tell"
import { WorkTray } from "../parts/Work"
import { OfflineBar } from "./OfflineBar"
import { Own } from "./Own"
import { Switches } from "./Switches"
import { type Place, usePlaceGroups, usePlaces } from "./places"

const Bell = lazy(async () => ({ default: (await import("../exchange/notifications/Bell")).Bell }))
const SessionEnd = lazy(async () => ({ default: (await import("./SessionEnd")).SessionEnd }))

export function Shell() {
  const say = useSay()
  const navigate = useNavigate()
  const { status } = useSession()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const enrolment = path === "/enrolment"
  const open = enrolment || path === "/verify" || path.startsWith("/verify/") || path === "/log" || path === "/open-figures" // without signing in
  return (
    <AriaRouter navigate={(to) => void navigate({ href: to })}>
      <a className="skip" href="#page">
        {say("shell.skip")}
      </a>
      {status === "none" || enrolment ? <Door>{open ? <Outlet /> : undefined}</Door> : <Within path={path} />}
      <ToastPlace />
    </AriaRouter>
  )
}

function Within({ path }: { path: string }) {
  const say = useSay()
  const groups = usePlaceGroups(usePlaces(useMay(), useDecisions().items.length))
  const { status } = useSession()
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [path])
  useSearchKey()
  return (
    <div className="shell">
      <header className="top">
        <span className="menu-button">
          <Menu label={say("shell.places")} icon="menu" iconOnly choices={groups.flatMap(({ title, places }) => places.map((place) => asChoice(place, groups.length > 1 ? title : undefined)))} />
        </span>
        <a className="brand" href="/">
          <img src="/favicon.svg" alt="" />
          {say("shell.name")} <span className="of">{say("shell.of")}</span>
        </a>
        <Suspense fallback={<span className="button bare" />}>
          <Bell />
        </Suspense>
        <Switches />
        <Own />
        <OfflineBar />
      </header>
      <nav className="side" aria-label={say("shell.places")}>
        {groups.map(({ id, title, places }) => (
          <div key={id}>
            {groups.length > 1 && (
              <p id={`places-${id}`} className="group">
                {title}
              </p>
            )}
            <ul {...(groups.length > 1 ? { "aria-labelledby": `places-${id}` } : {})}>
              {places.map((place) => (
                <li key={place.href}>
                  <PlaceLink place={place} here={place.href === path} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <main id="page" className="page" tabIndex={-1}>
        <Outlet />
      </main>
      <WorkTray />
      {status === "ended" && (
        <Suspense>
          <SessionEnd />
        </Suspense>
      )}
    </div>
  )
}

/** Ctrl or ⌘ and K: to the field of the search, from everywhere. */
function useSearchKey() {
  const router = useRouter()
  const may = useMay()
  // Before anything is painted: whoever sees the link may press it.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || !may("documents.read")) return
      event.preventDefault()
      const field = document.querySelector<HTMLElement>("main [type=search]")
      if (field) field.focus()
      else void router.navigate({ to: "/search" })
    }
    addEventListener("keydown", pressed)
    return () => removeEventListener("keydown", pressed)
  }, [router, may])
}

const asChoice = ({ href, text, icon, count }: Place, group: string | undefined) => ({
  id: href,
  href,
  text: count ? `${text} (${count})` : text,
  icon,
  ...(group ? { group } : {}),
})

function PlaceLink({ place, here }: { place: Place; here: boolean }) {
  const say = useSay()
  const router = useRouter()
  return (
    <a
      href={place.href}
      aria-current={here ? "page" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        void router.navigate({ href: place.href })
      }}
    >
      <Icon name={place.icon} />
      {place.text}
      {place.count ? (
        <span className="badge waiting count">
          {place.count}
          <span className="hidden">{say("places.waiting")}</span>
        </span>
      ) : null}
    </a>
  )
}
