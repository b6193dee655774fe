import "./language/aria"
import "./look/index.css"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { api } from "./api/client"
import { session } from "./api/session"
import { LanguageProvider, loadMessages, storedLanguage } from "./language/language"
import { showTheme } from "./look/theme"
import { App } from "./shell/App"

async function findSession() {
  try {
    const { data } = await api.GET("/api/v1/session")
    if (data) session.opened(data)
    else session.none()
  } catch {
    session.none() // nobody is signed in, or the server is away: signing in says which
  }
}

async function start() {
  showTheme()
  const language = storedLanguage()
  document.documentElement.lang = language
  const [messages] = await Promise.all([loadMessages(language), findSession()])
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

void start()
