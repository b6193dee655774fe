declare module "react-aria/i18n/en-US" {
  const strings: Record<string, Record<string, unknown>>
  export default strings
}

declare module "react-aria-components/i18n/en-US" {
  const strings: Record<string, Record<string, unknown>>
  export default strings
}
