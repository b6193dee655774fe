// Marks that turn the direction of writing: with them a name is read as one that ends otherwise, and a text turns those
// beside it. Nothing that this application shows needs them; in their place stands the letter for what cannot be shown,
// so that their writer gains nothing and places in the text stay where they are.
const TURNING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** What a stranger wrote, of which nothing turns. */
export const straightText = (written: string): string => written.replace(TURNING, "\ufffd")
