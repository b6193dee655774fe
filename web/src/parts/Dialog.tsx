import type { ReactNode } from "react"
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components"

/** Over the page; the focus stays in it and goes back afterwards. Without `onClose` only what is in it ends it. */
export function Dialog({ title, open, onClose, urgent, children }: {
  title: string
  open: boolean
  onClose?: () => void
  urgent?: boolean
  children: ReactNode
}) {
  return (
    <ModalOverlay
      className="shade"
      isOpen={open}
      isDismissable={onClose !== undefined}
      isKeyboardDismissDisabled={onClose === undefined}
      onOpenChange={(now) => !now && onClose?.()}
    >
      <Modal>
        <AriaDialog className="dialog" role={urgent ? "alertdialog" : "dialog"}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
