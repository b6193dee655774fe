import "./language/aria"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { api } from "./api/client"
import { watchPresence } from "./api/present"
import { session } from "./api/session"
import { startHome } from "./exchange/home/asking"
import { LanguageProvider, loadMessages } from "./language/language"
import { storedLanguage } from "./language/stored"
import { App } from "./shell/App"
import { router } from "./shell/router"

async function findSession() {
  try {
    const { data } = await api.GET("/api/v1/session")
    if (data) session.opened(data)
    else session.none()
  } catch {
    session.none() // nobody is signed in, or the server is away: signing in says which
  }
}

/** The first page, drawn once: when its script, its words and who sees it are here. */
export async function start() {
  const language = storedLanguage()
  const [messages] = await Promise.all([loadMessages(language), findSession()])
  if (session.now().status === "open") await startHome(location.pathname)
  await router.load()
  watchPresence()
  const place = document.getElementById("app")
  if (!place) throw new Error("index.html has no #app")
  createRoot(place).render(
    <StrictMode>
      <LanguageProvider first={language} messages={messages}>
        <App />
      </LanguageProvider>
    </StrictMode>,
  )
}
