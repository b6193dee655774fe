import { type Language, useLanguage, useSay } from "../language/language"
import { THEMES, type Theme, useTheme } from "../look/theme"
import { Menu } from "../parts/Menu"

/** Language and theme, kept on this machine. */
export function Switches() {
  const say = useSay()
  const { language, choose } = useLanguage()
  const [theme, chooseTheme] = useTheme()
  return (
    <>
      <Menu
        label={say("switch.language")}
        icon="language"
        choices={[
          { id: "vi", text: say("switch.vi") },
          { id: "en", text: say("switch.en") },
        ]}
        chosen={language}
        onChoose={(id) => choose(id as Language)}
        iconOnly
      />
      <Menu
        label={say("switch.theme")}
        icon="theme"
        choices={THEMES.map((id) => ({ id, text: say(`switch.theme.${id}`) }))}
        chosen={theme}
        onChoose={(id) => chooseTheme(id as Theme)}
        iconOnly
      />
    </>
  )
}
