// Short messages about something that has happened; the region is a landmark and is read out politely.
import {
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components"
import { useSay } from "../language/language"
import { Button } from "./Button"

const SHOWN_MS = 8000
const queue = new ToastQueue<{ text: string }>({ maxVisibleToasts: 3 })

export function add(text: string) {
  queue.add({ text }, { timeout: SHOWN_MS })
}

export function Toasts() {
  const say = useSay()
  return (
    <ToastRegion queue={queue} className="toasts" aria-label={say("toasts.region")}>
      {({ toast }) => (
        <Toast toast={toast} className="toast">
          <ToastContent>
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          <Button slot="close" look="bare">
            {say("toasts.close")}
          </Button>
        </Toast>
      )}
    </ToastRegion>
  )
}
