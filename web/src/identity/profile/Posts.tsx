import { useState } from "react"
import { dateText } from "../../language/dates"
import { useLanguage, useSay } from "../../language/language"
import { Button } from "../../parts/Button"
import { Dialog } from "../../parts/Dialog"
import { Loaded } from "../../parts/States"
import { useMe } from "../me"
import type { OwnPost } from "./delegation"
import { NewDelegation } from "./NewDelegation"

/** The posts that the reader holds; what they give can be handed on for a time. */
export function Posts() {
  const say = useSay()
  const me = useMe()
  return (
    <section className="card" aria-labelledby="posts">
      <h2 id="posts">{say("posts.title")}</h2>
      <Loaded query={me}>
        {({ posts }) =>
          posts.length === 0 ? (
            <p className="faint">{say("posts.none")}</p>
          ) : (
            <ul className="lines">
              {posts.map((one) => (
                <Row key={`${one.post} ${one.from}`} post={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  )
}

function Row({ post }: { post: OwnPost }) {
  const say = useSay()
  const { language } = useLanguage()
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  const where = post.organisation === "platform" ? say("profile.platform") : post.organisation_name || post.organisation
  const from = dateText(post.from, language)
  return (
    <li>
      <span className="grows">
        <b>{post.title}</b> <span>{where}</span>
        <br />
        <span className="small faint">
          {post.to ? say("posts.fromTo", { from, to: dateText(post.to, language) }) : say("posts.from", { from })}
        </span>
      </span>
      {post.delegable.length > 0 && (
        <Button icon="person" aria-label={say("posts.delegate", { title: post.title })} onPress={() => setOpen(true)}>
          {say("delegation.make")}
        </Button>
      )}
      <Dialog title={say("posts.delegate", { title: post.title })} open={open} onClose={close}>
        <NewDelegation post={post} where={where} onDone={close} />
      </Dialog>
    </li>
  )
}
