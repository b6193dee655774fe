import { useMutation } from "@tanstack/react-query"
import { queryClient } from "../../api/client"
import { useSay } from "../../language/language"
import { tell } from "../../parts/tell"

/**
 * Sends it once; then says so, and asks again for everything on the page, which it may have changed. `otherwise` is what
 * to say instead, where it was not what happened: a colleague may have been quicker.
 */
export function useAnswer<B extends object, A>(send: (body: B) => Promise<A>, onDone: () => void, otherwise?: (answer: A) => string | undefined) {
  const say = useSay()
  return useMutation({
    mutationFn: send,
    onSuccess: (answer) => {
      tell(otherwise?.(answer) ?? say("answer.done"))
      onDone()
      void queryClient.invalidateQueries()
    },
  })
}
