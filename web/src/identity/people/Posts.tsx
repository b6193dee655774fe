// The posts of an organisation: rights come with them. Made and closed by who manages its people.
import { useState } from "react"
import { api, query, type Schemas } from "../../api/client"
import { useSay } from "../../language/language"
import { Badge } from "../../parts/Badge"
import { Checkbox, TextField } from "../../parts/Field"
import { Icon } from "../../parts/Icon"
import { Loaded } from "../../parts/States"
import { Deed, useDeed } from "../administration/Deed"
import { PLATFORM } from "../administration/names"
import { type Role, ROLE_WORDS, rolesOf } from "./roles"

type Post = Schemas["Post"]
const POSTS = "/api/v1/organisations/{code}/posts"

export function Posts({ code }: { code: string }) {
  const say = useSay()
  const posts = query.useQuery("get", POSTS, { params: { path: { code } } })
  return (
    <section className="card" aria-labelledby="posts">
      <div className="head">
        <h2 id="posts">{say("people.posts")}</h2>
        <AddPost code={code} />
      </div>
      <Loaded query={posts}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="faint">{say("people.noPosts")}</p>
          ) : (
            <ul className="lines">
              {[...items.filter(({ closed }) => !closed), ...items.filter(({ closed }) => closed)].map((one) => (
                <Row key={one.post} post={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  )
}

function Row({ post }: { post: Post }) {
  const say = useSay()
  const { title, roles, with_subordinates, closed } = post
  const work = useDeed(() => api.DELETE("/api/v1/posts/{post}", { params: { path: { post: post.post } } }), [POSTS])
  return (
    <li>
      <span className="grows">
        <b>{title}</b>
        <br />
        <span className="small faint">
          {[...roles.map((role) => say(ROLE_WORDS[role])), ...(with_subordinates ? [say("people.withBelow")] : [])].join("; ")}
        </span>
      </span>
      {closed ? (
        <Badge tone="plain" icon="clock">
          {say("people.postClosed")}
        </Badge>
      ) : (
        <Deed
          button={say("people.closePost")}
          title={say("people.closePostOne", { title })}
          about={say("people.closePostAbout")}
          work={work}
          onSend={(close) => work.mutate(undefined, { onSuccess: close })}
        />
      )}
    </li>
  )
}

function AddPost({ code }: { code: string }) {
  const say = useSay()
  const [title, setTitle] = useState("")
  const [roles, setRoles] = useState<readonly Role[]>([])
  const [below, setBelow] = useState(false)
  const work = useDeed((body: Schemas["NewPost"]) => api.POST(POSTS, { params: { path: { code } }, body }), [POSTS])
  const platform = code === PLATFORM
  return (
    <Deed
      button={say("people.addPost")}
      icon="organisation"
      about={say("people.addPostAbout")}
      work={work}
      complete={title.trim() !== "" && roles.length > 0}
      onSend={(close) =>
        work.mutate(
          { title: title.trim(), roles: [...roles], with_subordinates: below },
          {
            onSuccess: () => {
              setTitle("")
              setRoles([])
              setBelow(false)
              close()
            },
          },
        )
      }
    >
      {(missing) => (
        <>
          <TextField
            label={say("people.postTitle")}
            value={title}
            onChange={setTitle}
            wrong={title.trim() === "" ? missing : undefined}
            maxLength={200}
            autoComplete="off"
            required
          />
          <div role="group" aria-label={say("people.roles")} className="field">
            <span className="label">{say("people.roles")}</span>
            {rolesOf(platform).map((role) => (
              <Checkbox key={role} isSelected={roles.includes(role)} onChange={(on) => setRoles(on ? [...roles, role] : roles.filter((one) => one !== role))}>
                {say(ROLE_WORDS[role])}
              </Checkbox>
            ))}
            {roles.length === 0 && missing && (
              <span className="wrong" role="alert">
                <Icon name="wrong" />
                {missing}
              </span>
            )}
          </div>
          {!platform && (
            <Checkbox isSelected={below} onChange={setBelow}>
              {say("people.withBelow")}
            </Checkbox>
          )}
        </>
      )}
    </Deed>
  )
}
