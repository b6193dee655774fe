// How far somebody has read: kept by the server, asked by the bell and by the list.
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { api, given, type Schemas } from "../../api/client"

export const PATH = "/api/v1/me/notifications"

/** Marks, or takes it back; the list and the bell then ask anew. */
export function useMarking() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: Schemas["ReadMarks"]) => given(api.POST("/api/v1/me/notifications/read", { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["get", PATH] }),
  })
}
