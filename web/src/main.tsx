// Runs first, and is small for that: asks for what every page needs while the browser still reads the application.
import "./look/index.css"
import { askEarly } from "./api/early"
import { FIRST_LISTS } from "./exchange/home/first"
import { storedLanguage } from "./language/stored"
import { showTheme } from "./look/shown"

showTheme()
document.documentElement.lang = storedLanguage()
askEarly(storedLanguage(), location.pathname === "/" ? FIRST_LISTS : {})
void import("./start").then(({ start }) => start())
