// Days as somebody at the keyboard enters them.
import { expect, type Page } from "@playwright/test"

const LANGUAGE_MARKS = /[\u2066-\u2069\u200e\u200f]/g

/** The parts of the field with that name. */
export const dayField = (page: Page, name: string) => page.getByRole("group", { name: new RegExp(`^${name}`) })

/** Types it from its first part: "20112026". */
export async function typeDay(page: Page, name: string, figures: string) {
  await dayField(page, name).getByRole("spinbutton").first().click()
  await page.keyboard.type(figures)
}

/** "20/11/2026" */
export async function seesDay(page: Page, name: string, shown: string) {
  await expect.poll(async () => (await dayField(page, name).innerText()).replace(LANGUAGE_MARKS, "").replaceAll(/\s/g, "")).toBe(shown)
}
