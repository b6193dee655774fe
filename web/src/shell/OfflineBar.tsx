import { useSyncExternalStore } from "react"
import { useSay } from "../language/language"
import { Icon } from "../parts/Icon"

function subscribe(changed: () => void) {
  addEventListener("online", changed)
  addEventListener("offline", changed)
  return () => {
    removeEventListener("online", changed)
    removeEventListener("offline", changed)
  }
}

/** Says at once that the connection is lost. What is on the page stays. */
export function OfflineBar() {
  const say = useSay()
  const online = useSyncExternalStore(subscribe, () => navigator.onLine)
  return (
    <div role="alert" style={{ display: "contents" }}>
      {!online && (
        <div className="bar">
          <Icon name="offline" />
          {say("shell.offline")}
        </div>
      )}
    </div>
  )
}
