// Somebody new: who they are, the post they get, and what they sign in with the first time, shown once.
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { ProblemError } from "@truc/client/problem"
import { useRef, useState } from "react"
import { api, given, query, textOf } from "../../api/client"
import { useLanguage, useSay } from "../../language/language"
import { TextField } from "../../parts/Field"
import { Form } from "../../parts/Form"
import { Once } from "../../parts/Once"
import { Select } from "../../parts/Select"
import { Loaded } from "../../parts/States"
import { outside, Refusal } from "../administration/Deed"

export const invitationOf = async (person: number) => (await given(api.POST("/api/v1/people/{person}/invitation", { params: { path: { person } } }))).code

/** The link opens the page of the first sign-in with the code filled in: what follows # is sent to no server. */
export function Invitation({ code, onKept }: { code: string; onKept: () => void }) {
  const say = useSay()
  return <Once about={say("people.once")} values={[`${location.origin}/enrolment#code=${code}`, code]} onKept={onKept} />
}

const BLANK = { login: "", family_name: "", given_name: "", title: "", mail: "" }
type Field = keyof typeof BLANK
const FIELDS: readonly { id: Field; needed: boolean; longest: number }[] = [
  { id: "family_name", needed: true, longest: 200 },
  { id: "given_name", needed: true, longest: 200 },
  { id: "login", needed: true, longest: 64 },
  { id: "title", needed: false, longest: 200 },
  { id: "mail", needed: false, longest: 200 },
]

export function Invite({ code, onDone }: { code: string; onDone: (person: number) => void }) {
  const say = useSay()
  const posts = query.useQuery("get", "/api/v1/organisations/{code}/posts", { params: { path: { code } } })
  return (
    <Loaded query={posts}>
      {({ items }) => {
        const open = items.filter(({ closed }) => !closed)
        return open.length === 0 ? <p>{say("people.noPostYet")}</p> : <InviteTo posts={open} onDone={onDone} />
      }}
    </Loaded>
  )
}

function InviteTo({ posts, onDone }: { posts: readonly { post: number; title: string }[]; onDone: (person: number) => void }) {
  const say = useSay()
  const { language } = useLanguage()
  const cache = useQueryClient()
  const [typed, setTyped] = useState(BLANK)
  const [post, setPost] = useState(String(posts[0]?.post ?? ""))
  // What is done already is not done again when a later step was refused and is tried once more.
  const done = useRef<{ login: string; person: number; appointed?: string }>(undefined)
  const work = useMutation({
    mutationFn: async () => {
      const body = Object.fromEntries(Object.entries(typed).map(([name, value]) => [name, value.trim()])) as typeof BLANK
      if (done.current?.login !== body.login) {
        const { person } = await given(api.POST("/api/v1/people", { body }))
        done.current = { login: body.login, person }
      }
      const { person, appointed } = done.current
      if (appointed === undefined) {
        await api.POST("/api/v1/people/{person}/appointments", { params: { path: { person } }, body: { post: Number(post) } })
        done.current.appointed = post
      }
      return { person, code: await invitationOf(person) }
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", "/api/v1/organisations/{code}/people"] }),
  })
  if (work.data) return <Invitation code={work.data.code} onKept={() => onDone(work.data.person)} />
  const ofLogin = work.error instanceof ProblemError && work.error.reason === "identity.login_taken" ? textOf(work.error, language) : undefined
  return (
    <Form
      about={say("people.inviteAbout")}
      send={say("people.inviteSend")}
      work={outside(work)}
      complete={FIELDS.every(({ id, needed }) => !needed || typed[id].trim() !== "")}
      onSend={() => work.mutate()}
    >
      {(missing) => (
        <>
          {FIELDS.map(({ id, needed, longest }) => (
            <TextField
              key={id}
              label={say(`people.field.${id}`)}
              hint={id === "login" ? say("people.loginHint") : undefined}
              value={typed[id]}
              onChange={(value) => setTyped({ ...typed, [id]: value })}
              wrong={(id === "login" ? ofLogin : undefined) ?? (needed && typed[id].trim() === "" ? missing : undefined)}
              maxLength={longest}
              autoComplete="off"
              required={needed}
            />
          ))}
          <Select label={say("people.post")} choices={posts.map((one) => ({ value: String(one.post), text: one.title }))} value={post} onChange={setPost} />
          {!ofLogin && <Refusal error={work.error} />}
        </>
      )}
    </Form>
  )
}
