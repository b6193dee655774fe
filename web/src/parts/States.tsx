// What a part of a page shows when it has nothing else to show.
import { type ReactNode, useEffect, useState } from "react"
import { Disconnected, textOf } from "../api/client"
import { ProblemError } from "@truc/client/problem"
import { useLanguage, useSay } from "../language/language"
import { Button } from "./Button"
import { Icon } from "./Icon"

/** Said only when it takes long enough to be noticed. */
export function Waiting() {
  const say = useSay()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 250)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" className={shown ? "waits" : ""}>
      {shown && say("state.loading")}
    </div>
  )
}

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <p className="title">
        <Icon name="empty" />
        {title}
      </p>
      {children}
    </div>
  )
}

/** An error in the reader's language: what happened, what can be done, and what to name when asking for help. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const offline = error instanceof Disconnected
  const problem = error instanceof ProblemError ? error : undefined
  const forbidden = problem?.status === 403
  const missing = problem?.status === 404
  const title = offline
    ? say("state.offline")
    : forbidden
      ? say("state.forbidden")
      : missing
        ? say("state.missing")
        : say("state.failed")
  return (
    <div role="alert" className="state bad">
      <p className="title">
        <Icon name={offline ? "offline" : forbidden ? "lock" : "wrong"} />
        {title}
      </p>
      <p>{offline ? say("state.offlineRemedy") : problem ? textOf(problem, language) : say("state.failedRemedy")}</p>
      {forbidden && <p className="faint">{say("state.forbiddenRemedy")}</p>}
      {problem && !missing && !forbidden && problem.reason !== "" && (
        <p className="small faint">{say("state.reason", { reason: problem.reason })}</p>
      )}
      {again && !forbidden && <Button onPress={again}>{say("state.again")}</Button>}
    </div>
  )
}

interface Query<T> {
  data: T | undefined
  error: unknown
  isPending: boolean
  refetch: () => unknown
}

/** What a query gave, once it is there. What is shown already stays when asking again fails. */
export function Loaded<T>({ query, children }: { query: Query<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.isPending) return <Waiting />
  return <Failure error={query.error} again={() => void query.refetch()} />
}
