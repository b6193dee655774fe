// What a field of a day takes beyond its frame: segments, and a calendar.
import "./date.css"
import { type CalendarDate, parseDate } from "@internationalized/date"
import { useEffect, useRef, useState } from "react"
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  FieldError,
  Group,
  Heading,
  Label,
  Popover,
  Text,
} from "react-aria-components"
import { useLanguage } from "../language/language"
import type { DateFieldProps } from "./DateField"
import { isYear, readDay } from "./days"
import { Icon } from "./Icon"

const dateOf = (value: string) => {
  const day = readDay(value)
  return day === undefined ? null : parseDate(day)
}

/** What is typed: days of years that are not whole yet stay here. */
function useDay(value: string, onChange: (value: string) => void) {
  const [state, setState] = useState(() => ({ value, date: dateOf(value) }))
  if (state.value !== value) setState({ value, date: state.date?.toString() === value ? state.date : dateOf(value) })
  const take = (date: CalendarDate | null) => {
    setState({ value, date })
    if (date === null || isYear(date.year)) onChange(date?.toString() ?? "")
  }
  /** "26" is 2026; other years that are not whole are given up. */
  const leave = () => {
    const { date } = state
    if (date === null || isYear(date.year)) return
    if (date.year < 100) take(date.set({ year: 2000 + date.year }))
    else setState({ value, date: dateOf(value) })
  }
  return { date: state.date, take, leave }
}

/** Of whatever is in it, a day that is pasted replaces all of it. */
function usePasted(take: (date: CalendarDate) => void) {
  const group = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = group.current
    const paste = (event: ClipboardEvent) => {
      const day = readDay(event.clipboardData?.getData("text") ?? "")
      if (day === undefined) return
      event.preventDefault()
      event.stopPropagation()
      take(parseDate(day))
    }
    element?.addEventListener("paste", paste, { capture: true })
    return () => element?.removeEventListener("paste", paste, { capture: true })
  })
  return group
}

export function DateContent({ label, hint, wrong, value, onChange, required }: DateFieldProps) {
  const { date, take, leave } = useDay(value, onChange)
  const group = usePasted(take)
  return (
    <DatePicker<CalendarDate>
      className="field date"
      value={date}
      onChange={take}
      onBlur={leave}
      granularity="day"
      shouldForceLeadingZeros
      isInvalid={wrong !== undefined}
      isRequired={required ?? false}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Group className="input" ref={group}>
        <DateInput className="segments">{(segment) => <DateSegment className="segment" segment={segment} />}</DateInput>
        <Button className="open">
          <Icon name="calendar" />
        </Button>
      </Group>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="wrong">
        <Icon name="wrong" />
        <span>{wrong}</span>
      </FieldError>
      <Popover className="popover">
        <Dialog className="month">
          <Month />
        </Dialog>
      </Popover>
    </DatePicker>
  )
}

function Month() {
  const { language } = useLanguage()
  return (
    <Calendar firstDayOfWeek="mon">
      <header>
        <Button slot="previous" className="button bare">
          <Icon name="left" />
        </Button>
        <Heading level={2} />
        <Button slot="next" className="button bare">
          <Icon name="right" />
        </Button>
      </header>
      <CalendarGrid weekdayStyle={language === "vi" ? "narrow" : "short"}>
        <CalendarGridHeader>{(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}</CalendarGridHeader>
        <CalendarGridBody>{(day) => <CalendarCell className="day" date={day} />}</CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  )
}
