import { Empty } from "../parts/States"
import { ButtonLink } from "../parts/Button"
import { useSay } from "../language/language"
import { Page } from "./Page"

export function NotFound() {
  const say = useSay()
  return (
    <Page title={say("notFound.title")}>
      <Empty title={say("notFound.text")}>
        <ButtonLink href="/">{say("notFound.home")}</ButtonLink>
      </Empty>
    </Page>
  )
}
