// Which calls give lists, and of what.
import type { paths } from "./schema.js"

type Get<P extends keyof paths> = paths[P] extends { get: infer G } ? G : never
type Answer<P extends keyof paths> =
  Get<P> extends { responses: { 200: { content: { "application/json": infer J } } } } ? J : never

/** Paths of calls that give pages. */
export type ListPath = {
  [P in keyof paths]: Answer<P> extends { items: unknown[]; next?: string } ? P : never
}[keyof paths]
/** What such a list is of. */
export type Item<P extends ListPath> = Answer<P> extends { items: (infer T)[] } ? T : never
/** Its filters. */
export type Query<P extends ListPath> =
  Get<P> extends { parameters: { query?: infer Q } } ? Omit<NonNullable<Q>, "cursor"> : never

export interface Page<T> {
  items: T[]
  /** Address of the next page; not there on the last one. */
  next?: string
}
