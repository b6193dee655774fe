// What a document is called where only its id is known.
import { useQuery } from "@tanstack/react-query"
import { api, given } from "../api/client"

const KEPT_MS = 300_000
const AGAIN_MS = 4_000 // many rows at once may be more than the server answers in a moment

/** Number and notation, and its subject if the reader may know it; nothing before the server has said it. */
export function useNamed(id: string): { code: string; subject: string } | undefined {
  const { data } = useQuery({
    queryKey: ["named", id],
    queryFn: ({ signal }) => given(api.GET("/api/v1/documents/{id}/trace", { params: { path: { id }, query: { first: 0, limit: 1 } }, signal })),
    select: ({ code, subject }) => ({ code: code || id, subject: subject ?? "" }),
    staleTime: KEPT_MS,
    retry: 3,
    retryDelay: AGAIN_MS,
  })
  return data
}

/** In a table: the one above the other. */
export function Named({ id }: { id: string }) {
  const named = useNamed(id)
  return (
    <div aria-busy={named === undefined}>
      <div>{named?.code}</div>
      {named && named.subject !== "" && (
        <div className="text small faint" title={named.subject}>
          {named.subject}
        </div>
      )}
    </div>
  )
}
