// The line at the end: on how many screens axe looked, and what it found.
import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter"
import { AXE_COUNT, LANGUAGES, THEMES } from "./screens"

export default class Count implements Reporter {
  readonly #screens = new Map<string, number>()
  #violations = 0

  onTestEnd(story: TestCase, { annotations }: TestResult) {
    for (const { description } of annotations.filter(({ type }) => type === AXE_COUNT)) {
      const screen = story.parent.title
      this.#screens.set(screen, (this.#screens.get(screen) ?? 0) + 1)
      this.#violations += Number(description)
    }
  }

  onEnd() {
    const whole = [...this.#screens.values()].filter((languages) => languages === LANGUAGES.length).length
    console.log(`${whole} screens × ${LANGUAGES.length} languages × ${THEMES.length} themes: ${this.#violations} violations`)
  }
}
