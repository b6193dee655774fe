// Who the reader is to the server, and what they may.
import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { query, type Schemas } from "../api/client"

export type Permission = Schemas["Grant"]["permissions"][number]

export const meOptions = () => query.queryOptions("get", "/api/v1/me", {}, { staleTime: 60_000 })
export const useMe = () => useQuery(meOptions())

/** Whether they may do it for any organisation at all. */
export const mayOf = (me: Schemas["Me"] | undefined) => (permission: Permission) =>
  me?.grants.some((grant) => grant.permissions.includes(permission)) ?? false

/** The same of the reader; nothing until the server has said so. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useMe()
  return useMemo(() => mayOf(data), [data])
}

/** The organisations for which they may do it. */
export function useOwnOrganisations(permission: Permission): { codes: string[]; everywhere: boolean } {
  const grants = (useMe().data?.grants ?? []).filter((grant) => grant.permissions.includes(permission))
  return {
    codes: [...new Set(grants.flatMap((grant) => grant.organisations))],
    everywhere: grants.some((grant) => grant.everywhere),
  }
}
