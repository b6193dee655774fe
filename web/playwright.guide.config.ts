import config from "./playwright.config"

export default { ...config, testMatch: "guide.ts", reporter: [["list"]] }
