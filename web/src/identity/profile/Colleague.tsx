// Somebody of the same organisation, found by a part of the name or the post.
import { useState } from "react"
import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components"
import { query, type Schemas } from "../../api/client"
import { useSay } from "../../language/language"
import { Icon } from "../../parts/Icon"
import { useRested } from "../../parts/rested"

export type Colleague = Schemas["Colleague"]
const SHOWN = 20

export function ColleagueField({ organisation, chosen, onChoose, wrong }: {
  organisation: string
  chosen: Colleague | undefined
  onChoose: (chosen: Colleague | undefined) => void
  wrong: string | undefined
}) {
  const say = useSay()
  const [typed, setTyped] = useState("")
  const q = useRested(chosen ? "" : typed.trim())
  const found = query.useQuery(
    "get",
    "/api/v1/me/colleagues",
    { params: { query: { organisation, limit: SHOWN, ...(q ? { q } : {}) } } },
    { placeholderData: (before) => before },
  )
  const shown = found.data?.items ?? []
  // Who is chosen stays among them, also when the list is another one by now.
  const items = chosen && !shown.some(({ person }) => person === chosen.person) ? [chosen, ...shown] : shown
  return (
    <ComboBox
      className="field"
      items={items}
      inputValue={typed}
      onInputChange={(now) => {
        setTyped(now)
        if (chosen && now !== chosen.name) onChoose(undefined)
      }}
      selectedKey={chosen?.person ?? null}
      onSelectionChange={(key) => {
        const one = items.find(({ person }) => person === key)
        onChoose(one)
        if (one) setTyped(one.name)
      }}
      menuTrigger="focus"
      allowsEmptyCollection
      isRequired
      isInvalid={wrong !== undefined}
      validationBehavior="aria"
    >
      <Label>{say("delegation.colleague")}</Label>
      <Input className="input" maxLength={100} autoComplete="off" />
      <Text slot="description" className="hint">
        {say("delegation.colleagueHint")}
      </Text>
      <FieldError className="wrong">
        <Icon name="wrong" />
        <span>{wrong}</span>
      </FieldError>
      <Popover className="popover">
        <ListBox<Colleague> className="menu" renderEmptyState={() => <p className="faint">{say(found.isPending ? "state.loading" : "delegation.nobody")}</p>}>
          {({ person, name, posts }) => (
            <ListBoxItem id={person} className="item" textValue={name}>
              <span>
                {name} <span className="faint">{posts.map(({ title }) => title).join(", ")}</span>
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
