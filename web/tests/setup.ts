import { cleanup } from "@testing-library/react"
import { afterEach, vi } from "vitest"

document.documentElement.lang = "vi"
vi.stubGlobal("matchMedia", (query: string) => ({ matches: false, media: query, addEventListener: () => {}, removeEventListener: () => {} }))
afterEach(cleanup)
