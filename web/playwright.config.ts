import { defineConfig } from "@playwright/test"

// One worker: the stories share a server, and the machine has other things to do.
export default defineConfig({
  testDir: "tests",
  testMatch: "*.story.ts",
  outputDir: "../build/web-stories",
  workers: 1,
  timeout: 30_000,
  reporter: [["list"], ["./tests/count.ts"]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
    reducedMotion: "reduce",
  },
})
