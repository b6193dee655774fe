// Which days, which way and whose: in the address, so that a page of figures can be sent to a colleague.
import { useLanguage, useSay } from "../language/language"
import { DateField } from "../parts/DateField"
import { Select } from "../parts/Select"
import type { FigureSearch } from "../shell/router"
import { useChange } from "./address"
import { OrganisationChoice } from "./OrganisationChoice"
import { dayOf, type Period, periodText, PRESETS, presetPeriod } from "./periods"

/** The days that are asked for; without any the last 30. */
export function periodOf({ from, to }: FigureSearch): Period {
  const usual = presetPeriod("days30", dayOf(new Date()))
  if (from && to) return { from, to }
  if (from) return { from, to: usual.to < from ? from : usual.to }
  return to ? { from: presetPeriod("days30", to).from, to } : usual
}

export function PeriodBar({ search, scoped }: { search: FigureSearch; scoped: boolean }) {
  const say = useSay()
  const { language } = useLanguage()
  const change = useChange()
  const period = periodOf(search)
  const today = dayOf(new Date())
  const preset = PRESETS.find((one) => {
    const { from, to } = presetPeriod(one, today)
    return from === period.from && to === period.to
  })
  const choices = [
    ...PRESETS.map((value) => ({ value, text: say(`insight.preset.${value}`) })),
    ...(preset ? [] : [{ value: "own" as const, text: periodText(period, language) }]),
  ]
  return (
    <div className="filters" role="group" aria-label={say("filter.title")}>
      <Select<(typeof choices)[number]["value"]>
        label={say("insight.period")}
        choices={choices}
        value={preset ?? "own"}
        onChange={(chosen) => chosen !== "own" && change(presetPeriod(chosen, today))}
      />
      <DateField label={say("filter.from")} value={period.from} onChange={(from) => from !== "" && change({ from, to: period.to < from ? from : period.to })} />
      <DateField label={say("filter.to")} value={period.to} onChange={(to) => to !== "" && change({ to, from: period.from > to ? to : period.from })} />
      {scoped && (
        <>
          <Select
            label={say("insight.direction")}
            choices={(["received", "sent"] as const).map((value) => ({ value, text: say(`insight.direction.${value}`) }))}
            value={search.direction ?? "received"}
            onChange={(direction) => change({ direction: direction === "sent" ? direction : undefined })}
          />
          <OrganisationChoice chosen={search.organisation} onChoose={(organisation) => change({ organisation })} />
        </>
      )}
    </div>
  )
}
