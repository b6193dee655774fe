// What the first page shows first, by the permission that it takes. Without imports: it runs before the rest is here.
export const SHOWN = 100
export const FIRST_LISTS = {
  "documents.read": `/api/v1/deliveries?limit=${SHOWN}`,
  "traces.read": `/api/v1/late?limit=${SHOWN}`,
}
