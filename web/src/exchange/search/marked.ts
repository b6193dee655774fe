// A text in which the server has marked what was looked for, cut into pieces.
import type { Schemas } from "../../api/client"

export interface Piece {
  text: string
  marked: boolean
}

/** In order, together the whole text. Marks count code points, and a string of ours UTF-16: they are not the same. */
export function piecesOf({ text, marks }: Schemas["MarkedText"]): Piece[] {
  const letters = [...text]
  const pieces: Piece[] = []
  let at = 0
  const take = (to: number, marked: boolean) => {
    if (to > at) pieces.push({ text: letters.slice(at, to).join(""), marked })
    at = Math.max(at, to)
  }
  for (const { from, to } of marks) {
    take(from, false)
    take(to, true)
  }
  take(letters.length, false)
  return pieces
}
