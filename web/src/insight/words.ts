// What the screens of figures say alike.
import { useMemo } from "react"
import { query, type Schemas } from "../api/client"
import { useMay } from "../identity/me"
import { type Language, type MessageKey, type Say, useLanguage, useSay } from "../language/language"
import { numberText } from "../language/numbers"
import type { Amount } from "../parts/Figure"
import type { Tone } from "../parts/Badge"
import type { IconName } from "../parts/Icon"
import { changeOf, type Figure, listAddress, valueText } from "./values"

export const nameOf = (one: { name_vi: string; name_en: string }, language: Language) => (language === "vi" ? one.name_vi : one.name_en)

export function figureText(figure: Figure, say: Say, language: Language): string {
  const { unit, value, at_least, suppressed } = figure
  if (suppressed) return say("insight.suppressed")
  if (value !== undefined) return valueText(unit, value, language)
  return at_least === undefined ? say("insight.unknown") : say("insight.moreThan", { value: valueText(unit, at_least, language) })
}

/** What it was computed from. */
export function basisText({ unit, numerator, denominator }: Figure, say: Say, language: Language): string {
  const of = numberText(denominator, language)
  return unit === "dong" ? say("insight.perDeliveries", { of }) : say("insight.part", { part: numberText(numerator, language), of })
}

function changeText(figure: Figure, say: Say, language: Language): string {
  const change = changeOf(figure)
  if (!change) return say("insight.noPrevious")
  const previous = valueText(figure.unit, figure.previous ?? 0, language)
  if (change.way === "same") return say("insight.same", { previous })
  const words = { more: "insight.more", less: "insight.less" } as const
  const share = change.share === undefined ? undefined : valueText("permille", change.share, language)
  return share === undefined ? say("insight.previous", { previous }) : say(words[change.way], { share, previous })
}

/** By how much: as a share of what it was, of shares in points, and otherwise as an amount. */
export function byText({ unit, value, previous }: { unit: Figure["unit"]; value: number; previous: number }, say: Say, language: Language): string {
  const share = changeOf({ unit, value, previous })?.share
  if (share !== undefined) return valueText("permille", share, language)
  const by = Math.abs(value - previous)
  return unit === "permille" ? say("insight.points", { by: numberText(by / 10, language) }) : valueText(unit, by, language)
}

export function useDefinitions(): (id: string) => string {
  const { language } = useLanguage()
  const { data } = query.useQuery("get", "/api/v1/insight/definitions", {}, { staleTime: Infinity })
  return useMemo(() => {
    const known = new Map(data?.items.map((one) => [one.id, language === "vi" ? one.formula_vi : one.formula_en]))
    return (id) => known.get(id) ?? ""
  }, [data, language])
}

/** Where somebody who may see it finds the list behind a figure. */
export function useList(): (figure: { query?: string }) => string | undefined {
  const may = useMay()
  return (figure) => (may("traces.read") ? listAddress(figure.query) : undefined)
}

/** Figures as amounts, with what makes them, what they are compared with, and what they mean. */
export function useAmounts(): { amounts: (figures: readonly Figure[], compared?: boolean) => Amount[]; heads: string[]; headsCompared: string[] } {
  const say = useSay()
  const { language } = useLanguage()
  const definition = useDefinitions()
  const list = useList()
  const amounts = (figures: readonly Figure[], compared = false) =>
    figures.map((one): Amount => {
      const basis = one.suppressed || one.denominator === 0 ? "–" : basisText(one, say, language)
      const change = compared ? [changeText(one, say, language)] : []
      return {
        id: one.id,
        title: nameOf(one, language),
        value: one.value ?? one.at_least ?? 0,
        text: figureText(one, say, language),
        href: list(one),
        note: compared ? change[0] : basis === "–" ? undefined : basis,
        cells: [...change, basis, definition(one.id)],
      }
    })
  const heads = [say("insight.head.basis"), say("insight.head.definition")]
  const first = [say("insight.head.figure"), say("insight.head.value")]
  return { amounts, heads: [...first, ...heads], headsCompared: [...first, say("insight.head.change"), ...heads] }
}

type Stage = Schemas["CountedDelivery"]["stage"]
export const STAGES = {
  waiting: { tone: "waiting", icon: "clock" },
  arrived: { tone: "told", icon: "inbox" },
  received: { tone: "good", icon: "check" },
  assigned: { tone: "told", icon: "person" },
  processing: { tone: "told", icon: "clock" },
  completed: { tone: "good", icon: "seal" },
  recovered: { tone: "plain", icon: "back" },
  refused: { tone: "bad", icon: "wrong" },
} as const satisfies Record<Stage, { tone: Tone; icon: IconName }>

const UNITS: Record<string, MessageKey> = {
  "pages/delivery": "insight.unit.pages",
  "dong/page": "insight.unit.page",
  "dong/delivery": "insight.unit.delivery",
  "hours/delivery": "insight.unit.hours",
  "dong/hour": "insight.unit.hour",
  "dong/year": "insight.unit.year",
}
export function unitText(unit: string, say: Say): string {
  const key = UNITS[unit]
  return key === undefined ? unit : say(key)
}
