import { useRef } from "react"
import { Header, Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components"
import { Icon } from "./Icon"
import { MenuButton, type MenuChoice, type MenuProps } from "./Menu"

/** The menu itself, which begins open: somebody has just pressed the button that stood here. */
export function MenuContent(props: MenuProps) {
  const { label, choices, chosen, onChoose } = props
  const trigger = useRef<HTMLButtonElement>(null)
  // The button that was pressed first is gone; this one takes the focus in its place.
  const closed = () => {
    if (document.activeElement === document.body) trigger.current?.focus()
  }
  const groups = [...new Set(choices.map(({ group }) => group))]
  const item = (one: MenuChoice) => (
    <MenuItem key={one.id} id={one.id} className="item" textValue={one.text} {...(one.href ? { href: one.href } : {})}>
      {one.icon && <Icon name={one.icon} />}
      {one.text}
      {one.id === chosen && <Icon name="check" />}
    </MenuItem>
  )
  return (
    <MenuTrigger defaultOpen onOpenChange={(open) => !open && requestAnimationFrame(closed)}>
      <MenuButton {...props} buttonRef={trigger} />
      <Popover className="popover" placement="bottom end">
        <AriaMenu
          className="menu"
          aria-label={label}
          onAction={(key) => onChoose?.(String(key))}
          {...(chosen === undefined ? {} : { selectionMode: "single" as const, selectedKeys: [chosen] })}
        >
          {groups.map((group) =>
            group === undefined ? (
              choices.filter((one) => one.group === undefined).map(item)
            ) : (
              <MenuSection key={group}>
                <Header className="heading">{group}</Header>
                {choices.filter((one) => one.group === group).map(item)}
              </MenuSection>
            ),
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
