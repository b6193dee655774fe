// A file on its way to be judged. XMLHttpRequest, since fetch tells nothing of how much has been sent.
import { problemOf } from "@truc/client/problem"
import { Disconnected, type Schemas } from "../../api/client"
import { session } from "../../api/session"

/** The server takes no more (docs of POST /verify). */
export const BYTES_MOST = 64 * 2 ** 20

/** What the server says of it. `step` is told how much has been sent, of 1. */
export function judge(file: File, step: (done: number) => void, signal: AbortSignal): Promise<Schemas["VerifyReport"]> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest()
    call.open("POST", `/api/v1/verify?name=${encodeURIComponent(file.name.slice(0, 200))}`)
    call.setRequestHeader("Content-Type", "application/octet-stream")
    call.setRequestHeader("Accept-Language", document.documentElement.lang)
    const { csrf } = session.now()
    if (csrf) call.setRequestHeader("X-CSRF-Token", csrf)
    call.upload.onprogress = ({ loaded, total }) => step(total > 0 ? loaded / total : 1)
    call.onerror = () => reject(new Disconnected())
    call.onabort = () => reject(new DOMException("stopped", "AbortError"))
    call.onload = () => {
      if (call.status === 200) resolve(JSON.parse(call.responseText) as Schemas["VerifyReport"])
      else problemOf(answerOf(call)).then(reject, reject)
    }
    signal.addEventListener("abort", () => call.abort())
    call.send(file)
  })
}

function answerOf(call: XMLHttpRequest): Response {
  const answer = new Response(call.responseText, { status: call.status, statusText: call.statusText })
  Object.defineProperty(answer, "url", { value: call.responseURL || location.href })
  return answer
}
