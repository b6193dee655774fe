// People and posts of one organisation that the reader administers, or of the platform.
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { type FormEvent, useState } from "react"
import { useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Select } from "../../parts/Select"
import { Empty, Loaded } from "../../parts/States"
import { Page } from "../../shell/Page"
import { CodeField } from "../administration/CodeField"
import { PLATFORM, useOrganisationName } from "../administration/names"
import { useRights } from "../administration/rights"
import { useMe, useOwnOrganisations } from "../me"
import "../organisations/directory.css"
import { PeopleOf } from "./PeopleOf"
import { Posts } from "./Posts"

const route = getRouteApi("/people")
const FEW = 30

export function PeoplePage() {
  const say = useSay()
  const me = useMe()
  const { organisation } = route.useSearch()
  const navigate = useNavigate()
  const platform = useRights().platform("people.manage")
  const { codes } = useOwnOrganisations("people.manage")
  const own = [...(platform ? [PLATFORM] : []), ...codes]
  const code = organisation ?? own[0]
  const go = (chosen: string) => void navigate({ to: "/people", search: { organisation: chosen }, replace: true })
  const choices = [...new Set([...own.slice(0, FEW), ...(code ? [code] : [])])]
  return (
    <Page title={say("people.title")} lead={say("people.lead")}>
      <Loaded query={me}>
        {() =>
          code === undefined ? (
            <Empty title={say("people.notYours")} />
          ) : (
            <>
              <div className="filters" role="group" aria-label={say("filter.title")}>
                {choices.length > 1 && (
                  <Select
                    label={say("filter.organisation")}
                    choices={choices.map((value) => ({ value, text: value === PLATFORM ? say("administration.platform") : value }))}
                    value={code}
                    onChange={go}
                  />
                )}
                {(platform || own.length > FEW) && <Other onGo={go} />}
              </div>
              <Of key={code} code={code} />
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

function Of({ code }: { code: string }) {
  const name = useOrganisationName(code)
  return (
    <>
      <p className="row">
        <b>{name}</b>
        {code !== PLATFORM && name !== code && <span className="faint">{code}</span>}
      </p>
      <PeopleOf code={code} />
      <Posts code={code} />
    </>
  )
}

function Other({ onGo }: { onGo: (code: string) => void }) {
  const say = useSay()
  const [typed, setTyped] = useState("")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (typed.trim() === "") return
    onGo(typed.trim())
    setTyped("")
  }
  return (
    <form className="find" onSubmit={submit}>
      <CodeField label={say("people.other")} value={typed} onChange={setTyped} />
      <Button type="submit">{say("people.show")}</Button>
    </form>
  )
}
