import config from "./playwright.config"

export default { ...config, testMatch: "figures.ts", reporter: [["line"]], timeout: 300_000 }
