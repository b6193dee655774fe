import type { ReactNode, Ref } from "react"
import { Button as AriaButton, type ButtonProps as AriaProps, Link } from "react-aria-components"
import { Icon, type IconName } from "./Icon"

export interface ButtonProps extends Omit<AriaProps, "className" | "style" | "children"> {
  look?: "first" | "bare" | "large" | "first large"
  icon?: IconName
  children?: ReactNode
  buttonRef?: Ref<HTMLButtonElement>
}

/** With an icon alone it needs an aria-label. */
export function Button({ look, icon, children, buttonRef, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} {...(buttonRef ? { ref: buttonRef } : {})} className={`button ${look ?? ""}`}>
      {icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  )
}

/** Goes somewhere, and looks like a button. */
export function ButtonLink({ href, icon, children, look }: { href: string; icon?: IconName; children: ReactNode; look?: "first" }) {
  return (
    <Link href={href} className={`button ${look ?? ""}`}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  )
}
