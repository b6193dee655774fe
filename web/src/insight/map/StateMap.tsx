// Where documents go, on tiles in the shape of Viet Nam, with the ministries beside it. A tile is a link: it opens the
// organisations on it below, each with its list. The amount stands on the tile; its shade only helps to find it.
import { useQuery } from "@tanstack/react-query"
import { type MouseEvent, type ReactNode, useEffect, useRef } from "react"
import { Link } from "react-aria-components"
import "./map.css"
import { api, cursorOf, given, type Schemas } from "../../api/client"
import { useLanguage, useSay } from "../../language/language"
import { numberText } from "../../language/numbers"
import { Button } from "../../parts/Button"
import { Twin } from "../../parts/Figure"
import { Loaded } from "../../parts/States"
import { useNarrow } from "../../parts/narrow"
import { useAddress, useChange } from "../address"
import type { Asked } from "../Head"
import type { Live } from "../live"
import { useList } from "../words"
import { COLUMNS, placed, type Placed, ROWS, shade, type Sum, thresholds, TILES } from "./tiles"

type Standing = Schemas["Standing"]
type By = "deliveries" | "late"
const PAGE = 200
const PAGES_MOST = 20 // 4,000 organisations: more than there are
const EVERY_MS = 60_000

interface Everybody {
  items: Standing[]
  whole: boolean
}

async function everybody(asked: Asked): Promise<Everybody> {
  const items: Standing[] = []
  let cursor: string | undefined
  for (let page = 0; page < PAGES_MOST; ++page) {
    const found = await given(api.GET("/api/v1/insight/standings", { params: { query: { ...asked, limit: PAGE, ...(cursor ? { cursor } : {}) } } }))
    items.push(...found.items)
    cursor = cursorOf(found.next)
    if (cursor === undefined) return { items, whole: true }
  }
  return { items, whole: false }
}

export function StateMap({ asked, by, place, live }: { asked: Asked; by: By; place: string | undefined; live: Live }) {
  const say = useSay()
  const all = useQuery({ queryKey: ["standings of all", asked], queryFn: () => everybody(asked), refetchInterval: !live.paused && EVERY_MS, staleTime: EVERY_MS })
  return (
    <section className="card" aria-labelledby="map">
      <h2 id="map">{say("insight.map")}</h2>
      <p className="faint">{say("insight.mapAbout")}</p>
      <Loaded query={all}>{({ items, whole }) => <Drawn found={placed(items)} whole={whole} by={by} place={place} asked={asked} />}</Loaded>
    </section>
  )
}

/** A tile as it is drawn: of a province, or of a ministry with what is below it. */
interface Spot {
  id: string
  name: string
  sum: Sum<Standing> | undefined
}

function Drawn({ found, whole, by, place, asked }: { found: Placed<Standing>; whole: boolean; by: By; place: string | undefined; asked: Asked }) {
  const say = useSay()
  const { language } = useLanguage()
  const provinces = TILES.map(({ id, name }): Spot => ({ id, name, sum: found.provinces.get(id) }))
  const central = found.central.map((one): Spot => ({ id: one.code.toLowerCase(), name: one.name || one.code, sum: one }))
  const spots = [...provinces, ...central].filter((one) => one.sum)
  const amount = (sum: Sum<Standing>) => (by === "late" ? sum.late : sum.deliveries)
  const most = Math.max(0, ...spots.map((one) => (one.sum ? amount(one.sum) : 0)))
  const first = [...spots].sort((a, b) => (b.sum ? amount(b.sum) : 0) - (a.sum ? amount(a.sum) : 0))[0]
  const drawing = { by, place, at: thresholds(most) }
  const number = (value: number) => numberText(value, language)
  const chosen = spots.find((one) => one.id === place)
  return (
    <figure className="figure">
      <figcaption>
        {first?.sum && most > 0
          ? say(by === "late" ? "insight.mapSentenceLate" : "insight.mapSentence", { count: spots.length, first: first.name, amount: number(amount(first.sum)) })
          : say("insight.nothing")}
      </figcaption>
      <Legend at={drawing.at} by={by} />
      <div className="tiles">
        <Country spots={provinces} {...drawing} />
        {central.length > 0 && <Ministries spots={central} {...drawing} />}
      </div>
      {!whole && <p className="small faint">{say("insight.mapCut")}</p>}
      {found.elsewhere.length > 0 && <p className="small faint">{say("insight.mapElsewhere", { count: found.elsewhere.length })}</p>}
      <p role="status" className="hidden">
        {chosen?.sum && say("insight.mapChosen", { name: chosen.name, count: chosen.sum.organisations.length })}
      </p>
      {chosen?.sum && <Organisations key={chosen.id} id={chosen.id} name={chosen.name} sum={chosen.sum} by={by} asked={asked} />}
      <Twin
        title={say("insight.map")}
        heads={[say("insight.mapPlace"), say("insight.standing.deliveries"), say("insight.mapLate"), say("insight.mapOrganisations")]}
        rows={[...provinces, ...central].map(({ name, sum }) => [name, ...[sum?.deliveries ?? 0, sum?.late ?? 0, sum?.organisations.length ?? 0].map(number)])}
      />
    </figure>
  )
}

function Legend({ at: [second, third], by }: { at: readonly [number, number]; by: By }) {
  const say = useSay()
  const { language } = useLanguage()
  const number = (value: number) => numberText(value, language)
  const texts = [
    say("insight.mapNone"),
    second > 2 ? say("insight.mapRange", { from: number(1), to: number(second - 1) }) : number(1),
    third > second + 1 ? say("insight.mapRange", { from: number(second), to: number(third - 1) }) : number(second),
    say("insight.mapFrom", { from: number(third) }),
  ]
  return (
    <p className="row small shades">
      <b>{by === "late" ? say("insight.mapLate") : say("insight.standing.deliveries")}</b>
      {texts.map((text, i) => (
        <span key={i} className={`tint s${i}`}>
          {text}
        </span>
      ))}
      {by !== "late" && (
        <span className="late-mark">
          <svg viewBox="0 0 12 12" aria-hidden="true">
            <path d={WARNING} />
          </svg>
          {say("insight.mapLate")}
        </span>
      )}
    </p>
  )
}

const tileId = (id: string) => `tile-${id}`
const WARNING = "M6 1L11.500 11H0.500z"

interface Drawing {
  spots: readonly Spot[]
  by: By
  place: string | undefined
  at: readonly [number, number]
}

/** Names where there is room for them, else their short forms. */
function useSize() {
  return useNarrow() ? { narrow: true, width: 33, height: 36, gap: 2 } : { narrow: false, width: 92, height: 40, gap: 4 }
}

function Country({ spots, by, place, at }: Drawing) {
  const say = useSay()
  const { narrow, width, height, gap } = useSize()
  const box = (column: number, row: number) => ({ x: column * (width + gap), y: row * (height + gap), width, height })
  const middle = ({ x, y, ...size }: Box) => [x + size.width / 2, y + size.height / 2] as const
  return (
    <svg viewBox={`-3 -3 ${COLUMNS * (width + gap) + 4} ${ROWS * (height + gap) + 4}`} role="group" aria-label={say("insight.mapProvinces")} className="country">
      {TILES.map((tile, i) => {
        const { zone } = tile
        const own = box(tile.column, tile.row)
        const sea = zone && wider(box(zone.column, zone.row), narrow ? ZONE_WIDER : 0)
        const spot = spots[i]
        const [x1, y1] = middle(own)
        const [x2, y2] = sea ? middle(sea) : [x1, y1]
        return (
          spot && (
            <Cell key={tile.id} spot={spot} by={by} chosen={place === tile.id} at={at}>
              {sea && <line className="belongs" x1={x1} y1={y1} x2={x2} y2={y2} />}
              <Face box={own} title={narrow ? tile.short : tile.name} spot={spot} by={by} narrow={narrow} />
              {zone && sea && (
                <>
                  <rect {...sea} rx="4" />
                  <text x={x2} y={sea.y + 16} textAnchor="middle" className="name">
                    {narrow ? zone.name.split(" ").map((word, at) => <tspan key={word} x={x2} dy={at * 13}>{word}</tspan>) : zone.name}
                  </text>
                  {!narrow && (
                    <text x={x2} y={sea.y + 32} textAnchor="middle" className="name">
                      {say("insight.mapZone", { name: tile.name })}
                    </text>
                  )}
                </>
              )}
            </Cell>
          )
        )
      })}
    </svg>
  )
}

/** To the left: its name is longer than the short form of a province. */
const ZONE_WIDER = 14
const wider = ({ x, width, ...box }: Box, by: number): Box => ({ ...box, x: x - by, width: width + by })

const LETTERS_MOST = 31

function Ministries({ spots, by, place, at }: Drawing) {
  const say = useSay()
  const { narrow, height, gap } = useSize()
  const columns = narrow ? 1 : spots.length > 12 ? 2 : 1
  const width = narrow ? 278 : 236
  const rows = Math.ceil(spots.length / columns)
  return (
    <svg viewBox={`-3 -3 ${columns * (width + gap) + 4} ${rows * (height + gap) + 4}`} role="group" aria-label={say("insight.mapCentral")} className={`ministries of${columns}`}>
      {spots.map((spot, i) => {
        const title = spot.name.length > LETTERS_MOST ? `${spot.name.slice(0, LETTERS_MOST - 1).trimEnd()}…` : spot.name
        const own = { x: Math.floor(i / rows) * (width + gap), y: (i % rows) * (height + gap), width, height }
        return (
          <Cell key={spot.id} spot={spot} by={by} chosen={place === spot.id} at={at}>
            <Face box={own} title={title} spot={spot} by={by} narrow={false} />
          </Cell>
        )
      })}
    </svg>
  )
}

/** A link where there is something to open. The whole of it is read out as one. */
function Cell({ spot: { id, name, sum }, by, chosen, at, children }: { spot: Spot; by: By; chosen: boolean; at: readonly [number, number]; children: ReactNode }) {
  const say = useSay()
  const { language } = useLanguage()
  const change = useChange()
  const address = useAddress()
  if (!sum)
    return (
      <g className="s0" aria-hidden="true">
        {children}
      </g>
    )
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    change({ place: chosen ? undefined : id })
  }
  const number = (value: number) => numberText(value, language)
  const label = say("insight.mapTile", { name, deliveries: number(sum.deliveries), late: number(sum.late), count: sum.organisations.length })
  return (
    <a id={tileId(id)} href={address({ place: id })} onClick={open} {...(chosen ? { "aria-current": "true" as const } : {})} className={`s${shade(by === "late" ? sum.late : sum.deliveries, at)}`}>
      <title>{label}</title>
      {children}
    </a>
  )
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

function Face({ box, title, spot: { sum }, by, narrow }: { box: Box; title: string; spot: Spot; by: By; narrow: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const { x, y, width, height } = box
  const inset = narrow ? 3 : 7
  const amount = sum && (by === "late" ? sum.late : sum.deliveries)
  // Where there is no room: thousands, of which the table has the rest.
  const value = amount === undefined ? "–" : narrow && amount > 9999 ? say("insight.mapThousands", { count: numberText(amount / 1000, language, 0) }) : numberText(amount, language)
  const late = by !== "late" && sum && sum.late > 0
  return (
    <>
      <rect {...box} rx="4" />
      <text x={x + inset} y={y + (narrow ? 14 : 16)} className="name">
        {title}
      </text>
      <text x={x + inset} y={y + (narrow ? 29 : 33)} className="value">
        {value}
      </text>
      {late && (
        <g className="late-mark">
          <path d={WARNING} transform={narrow ? `translate(${x + width - 9} ${y + height - 17}) scale(0.65)` : `translate(${x + width - inset - 11} ${y + 23})`} />
          {!narrow && (
            <text x={x + width - inset - 15} y={y + 33} textAnchor="end" className="name">
              {numberText(sum.late, language)}
            </text>
          )}
        </g>
      )}
    </>
  )
}

const SHOWN = 20

/** Who is on a tile, the most first, each with its list. */
function Organisations({ id, name, sum, by, asked }: { id: string; name: string; sum: Sum<Standing>; by: By; asked: Asked }) {
  const say = useSay()
  const { language } = useLanguage()
  const change = useChange()
  const list = useList()
  const rank = (one: Standing) => (by === "late" ? one.late_now + one.answered_late : one.deliveries)
  const sorted = [...sum.organisations].sort((a, b) => rank(b) - rank(a))
  const heading = useRef<HTMLHeadingElement>(null)
  // Whoever has pressed a tile goes on here; whoever comes by an address begins at the top.
  useEffect(() => {
    if (document.activeElement?.closest(".tiles")) heading.current?.focus()
  }, [])
  const close = () => {
    document.getElementById(tileId(id))?.focus()
    change({ place: undefined })
  }
  const figures = ({ organisation }: Standing) => `/figures?${new URLSearchParams({ ...asked, organisation: organisation.code }).toString()}`
  return (
    <div className="more">
      <div className="row">
        <h3 id="place" className="grows" ref={heading} tabIndex={-1}>
          {say("insight.mapChosen", { name, count: sum.organisations.length })}
        </h3>
        <Button icon="wrong" onPress={close}>
          {say("insight.mapClose")}
        </Button>
      </div>
      <ul className="lines" aria-labelledby="place">
        {sorted.slice(0, SHOWN).map((one) => (
          <li key={one.organisation.code}>
            <span className="grows">
              <Link href={list(one) ?? figures(one)}>{one.organisation.name || one.organisation.code}</Link> <span className="faint">{one.organisation.code}</span>
            </span>
            <span>
              {say("insight.mapLine", { deliveries: numberText(one.deliveries, language), late: numberText(one.late_now + one.answered_late, language) })}
            </span>
          </li>
        ))}
      </ul>
      {sorted.length > SHOWN && <p className="small faint">{say("insight.mapMore", { count: sorted.length - SHOWN })}</p>}
    </div>
  )
}
