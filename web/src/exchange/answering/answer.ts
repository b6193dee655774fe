import { useMutation } from "@tanstack/react-query"
import { queryClient } from "../../api/client"
import { useSay } from "../../language/language"
import { tell } from "../../parts/tell"

/** Sends it once; then says so, and asks again for everything on the page, which it may have changed. */
export function useAnswer<B extends object>(send: (body: B) => Promise<unknown>, onDone: () => void) {
  const say = useSay()
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      tell(say("answer.done"))
      onDone()
      void queryClient.invalidateQueries()
    },
  })
}
