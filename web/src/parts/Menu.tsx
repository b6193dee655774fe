import { lazy, type Ref, Suspense, useState } from "react"
import { Button, type ButtonProps } from "./Button"
import type { IconName } from "./Icon"

export interface MenuChoice {
  id: string
  text: string
  href?: string
  icon?: IconName
  /** Choices of one group stand together below its name. */
  group?: string
}

export interface MenuProps {
  label: string
  icon: IconName
  choices: readonly MenuChoice[]
  /** With it the choices exclude each other, and this one is marked. */
  chosen?: string
  onChoose?: (id: string) => void
  iconOnly?: boolean
}

const load = () => import("./MenuContent")
const MenuContent = lazy(async () => ({ default: (await load()).MenuContent }))

/** A button and what it offers. What a menu takes is loaded when somebody comes near: no page needs it to begin. */
export function Menu(props: MenuProps) {
  const [pressed, setPressed] = useState(false)
  const near = () => void load()
  const closed = <MenuButton {...props} aria-haspopup="menu" onHoverStart={near} onFocus={near} onPress={() => setPressed(true)} />
  return pressed ? (
    <Suspense fallback={closed}>
      <MenuContent {...props} />
    </Suspense>
  ) : (
    closed
  )
}

type MenuButtonProps = MenuProps & { buttonRef?: Ref<HTMLButtonElement> } & Pick<ButtonProps, "onHoverStart" | "onFocus" | "onPress" | "aria-haspopup">

export function MenuButton({ label, icon, iconOnly, choices: _, chosen: _chosen, onChoose: _onChoose, ...rest }: MenuButtonProps) {
  return <Button {...rest} look="bare" icon={icon} {...(iconOnly ? { "aria-label": label } : { children: label })} />
}
