// The browser's formats as messages take them: each is made once for all messages, and that of numbers not before there
// is one that needs it.
import type { IntlMessageFormat } from "intl-messageformat"
import { writtenAlike } from "./numbers"

type Formatters = NonNullable<NonNullable<ConstructorParameters<typeof IntlMessageFormat>[3]>["formatters"]>

/** `make`, with what it gave before for the same arguments. */
function once<A extends unknown[], R>(make: (...all: A) => R): (...all: A) => R {
  const made = new Map<string, R>()
  return (...all) => {
    const key = JSON.stringify(all)
    const found = made.get(key) ?? make(...all)
    made.set(key, found)
    return found
  }
}

const numbers = once((...all: Parameters<Formatters["getNumberFormat"]>) => new Intl.NumberFormat(...all))

export const formatters: Formatters = {
  getNumberFormat: (locale, options) => {
    if (options) return numbers(locale, options)
    const format = (value: number) => (writtenAlike(value) ? String(value) : numbers(locale).format(value))
    return { format } as Intl.NumberFormat
  },
  getDateTimeFormat: once((...all) => new Intl.DateTimeFormat(...all)),
  getPluralRules: once((...all) => new Intl.PluralRules(...all)),
}
