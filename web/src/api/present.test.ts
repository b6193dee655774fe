import { focusManager } from "@tanstack/react-query"
import { expect, test, vi } from "vitest"
import { LEFT_MS, watchPresence } from "./present"

test("a page that nobody touches for half an hour asks for nothing, until somebody is back", () => {
  vi.useFakeTimers()
  watchPresence()
  const told: boolean[] = []
  const unsubscribe = focusManager.subscribe((focused) => told.push(focused))
  vi.advanceTimersByTime(LEFT_MS - 1000)
  dispatchEvent(new KeyboardEvent("keydown"))
  vi.advanceTimersByTime(LEFT_MS - 1000)
  expect(focusManager.isFocused()).toBe(true)
  vi.advanceTimersByTime(1000)
  expect(focusManager.isFocused()).toBe(false)
  dispatchEvent(new Event("pointerdown"))
  expect(focusManager.isFocused()).toBe(true)
  expect(told.slice(-2)).toEqual([false, true])
  unsubscribe()
  vi.useRealTimers()
})
