// For whom the reader may do what; what is decided is the server's all the same.
import { useMemo } from "react"
import { type Permission, useMe } from "../me"

export interface Rights {
  /** For that organisation, by a post there, above it or of the platform. */
  of: (permission: Permission, code: string) => boolean
  /** For the platform itself. */
  platform: (permission: Permission) => boolean
}

export function useRights(): Rights {
  const grants = useMe().data?.grants
  return useMemo(() => {
    const any = (permission: Permission, where: (grant: NonNullable<typeof grants>[number]) => boolean) =>
      grants?.some((grant) => grant.permissions.includes(permission) && where(grant)) ?? false
    return {
      of: (permission, code) => any(permission, (grant) => grant.platform || grant.everywhere || grant.organisations.includes(code)),
      platform: (permission) => any(permission, (grant) => grant.platform),
    }
  }, [grants])
}
