import { useState } from "react"
import { useSay } from "../language/language"
import { Button } from "./Button"
import { Icon } from "./Icon"

/** What the server shows only once: to be copied, and gone when its reader has kept it. */
export function Once({ about, values, onKept }: { about: string; values: readonly string[]; onKept: () => void }) {
  const say = useSay()
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no")
  const copy = () =>
    navigator.clipboard.writeText(values.join("\n")).then(
      () => setCopied("yes"),
      () => setCopied("failed"),
    )
  return (
    <div className="more" role="group" aria-label={about}>
      <p className="notice waiting">
        <Icon name="key" />
        <span>{about}</span>
      </p>
      {values.map((value) => (
        <code key={value} className="secret">
          {value}
        </code>
      ))}
      <div className="row">
        <Button icon="save" onPress={() => void copy()}>
          {say("once.copy")}
        </Button>
        <Button look="first" onPress={onKept}>
          {say("once.kept")}
        </Button>
        <span role="status">{copied === "no" ? "" : say(copied === "yes" ? "once.copied" : "once.copyFailed")}</span>
      </div>
    </div>
  )
}
