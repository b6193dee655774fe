import { api, queryClient } from "../api/client"
import { session } from "../api/session"
import { useSay } from "../language/language"
import { Menu } from "../parts/Menu"
import { tell } from "../parts/tell"

/** One's own affairs: for now, leaving. */
export function Own() {
  const say = useSay()
  const leave = async () => {
    try {
      await api.DELETE("/api/v1/session")
    } catch {
      tell(say("own.leaveFailed"))
      return
    }
    queryClient.clear()
    session.none()
  }
  return (
    <Menu
      label={say("own.title")}
      icon="person"
      choices={[{ id: "profile", text: say("profile.title"), icon: "person", href: "/profile" }, { id: "leave", text: say("own.leave"), icon: "back" }]}
      onChoose={(id) => id === "leave" && void leave()}
      iconOnly
    />
  )
}
