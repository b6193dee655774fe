import js from "@eslint/js"
import formatjs from "eslint-plugin-formatjs"
import a11y from "eslint-plugin-jsx-a11y"
import hooks from "eslint-plugin-react-hooks"
import ts from "typescript-eslint"

export default ts.config(
  { ignores: ["node_modules", "tools"] },
  js.configs.recommended,
  ...ts.configs.strict,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "jsx-a11y": a11y, "react-hooks": hooks, formatjs },
    rules: {
      ...a11y.flatConfigs.strict.rules,
      ...hooks.configs.recommended.rules,
      "formatjs/no-literal-string-in-jsx": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_", varsIgnorePattern: "^_$" }],
      "@typescript-eslint/no-non-null-assertion": "error",
    },
  },
  { files: ["**/*.test.{ts,tsx}", "tests/**"], rules: { "formatjs/no-literal-string-in-jsx": "off" } },
  // Playwright's use() is no hook.
  { files: ["tests/**"], rules: { "react-hooks/rules-of-hooks": "off" } },
)
