// Names of people: family name, middle name, given name; lists go by the given name.
export interface PersonName {
  family_name: string // with the middle name: "Nguyễn Thị"
  given_name: string // "An"
}

export function fullName({ family_name, given_name }: PersonName): string {
  return `${family_name} ${given_name}`.trim()
}

const vietnamese = new Intl.Collator("vi")

/** For short lists that are all here; pages of long ones come from the server in order. */
export function byGivenName(a: PersonName, b: PersonName): number {
  return vietnamese.compare(a.given_name, b.given_name) || vietnamese.compare(a.family_name, b.family_name)
}
