import { dateText, timeText } from "../language/dates"
import { useLanguage } from "../language/language"

/** A time of a list, as everywhere; where it takes two lines the day stays whole. */
export function Moment({ at }: { at: string }) {
  const { language } = useLanguage()
  const time = `${timeText(at)}${language === "vi" ? " " : ", "}`
  return (
    <time dateTime={at}>
      {time}
      <span className="whole">{dateText(at, language)}</span>
    </time>
  )
}
