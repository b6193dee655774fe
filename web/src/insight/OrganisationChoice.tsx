// Whose figures: found in the directory by a part of name or code, with or without marks.
import { Button, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components"
import { query } from "../api/client"
import { useOwnOrganisations } from "../identity/me"
import { useSay } from "../language/language"
import { Icon } from "../parts/Icon"
import { useRested } from "../parts/rested"
import { useTyped } from "../parts/typed"

const SHOWN = 50
const ALL = "*" // no code looks like this

interface Item {
  id: string
  text: string
  code: string
}

/** `chosen`: its code; nothing for all of them. */
export function OrganisationChoice({ chosen, onChoose }: { chosen: string | undefined; onChoose: (code: string | undefined) => void }) {
  const say = useSay()
  const everybody: Item = { id: ALL, text: say("insight.everybody"), code: "" }
  const one = query.useQuery(
    "get",
    "/api/v1/organisations/{code}",
    { params: { path: { code: chosen ?? "" } } },
    { enabled: chosen !== undefined, staleTime: 300_000 },
  )
  const current: Item = chosen === undefined ? everybody : { id: chosen, text: one.data?.name || chosen, code: chosen }
  const [typed, setTyped] = useTyped(current.text)
  const q = useRested(typed === current.text ? "" : typed.trim())
  const found = useFound(q)
  // What is chosen is always among the choices: the field takes its text from there.
  const items = [everybody, ...(chosen === undefined ? [] : [current]), ...found.filter(({ id }) => id !== chosen)]
  return (
    <ComboBox
      className="field organisation-choice"
      allowsEmptyCollection
      items={items}
      inputValue={typed}
      onInputChange={setTyped}
      selectedKey={current.id}
      onSelectionChange={(key) => {
        if (key === null) return
        const item = items.find(({ id }) => id === key)
        if (!item) return
        setTyped(item.text)
        if (item.id !== current.id) onChoose(item.id === ALL ? undefined : item.id)
      }}
    >
      <Label>{say("insight.organisation")}</Label>
      <div className="combo">
        <Input className="input" autoComplete="off" maxLength={100} onFocus={(event) => event.currentTarget.select()} />
        <Button className="combo-button">
          <Icon name="down" />
        </Button>
      </div>
      <Popover className="popover">
        <ListBox className="menu">
          {(item: Item) => (
            <ListBoxItem id={item.id} className="item" textValue={item.text}>
              <span>
                {item.text} <span className="faint">{item.code}</span>
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}

/** Those of the directory whose figures the reader may see. */
function useFound(q: string): Item[] {
  const { codes, everywhere } = useOwnOrganisations("statistics.read")
  const { data } = query.useQuery(
    "get",
    "/api/v1/organisations",
    { params: { query: { limit: SHOWN, ...(q ? { q } : {}) } } },
    { placeholderData: (before) => before, staleTime: 60_000 },
  )
  const seen = (code: string) => everywhere || codes.some((own) => code === own || code.startsWith(`${own}.`))
  return (data?.items ?? []).filter(({ code }) => seen(code)).map(({ code, name }) => ({ id: code, text: name || code, code }))
}
