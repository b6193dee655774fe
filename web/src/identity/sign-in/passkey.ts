// Passkeys by WebAuthn itself; browsers turn its JSON into what they need.
type JsonOptions<T> = T extends (options: infer O) => unknown ? O : never

/** The reader did not use one: closed the browser's window, or it took too long. */
export class PasskeyDismissed extends Error {}

async function asked(ceremony: Promise<Credential | null>): Promise<unknown> {
  try {
    const made = await ceremony
    if (made instanceof PublicKeyCredential) return made.toJSON()
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
  throw new PasskeyDismissed()
}

export const offered = () => "PublicKeyCredential" in globalThis && "parseRequestOptionsFromJSON" in PublicKeyCredential

/** Shows a passkey of this site, of whoever it is. */
export function show(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(
    options as JsonOptions<typeof PublicKeyCredential.parseRequestOptionsFromJSON>,
  )
  return asked(navigator.credentials.get({ publicKey }))
}

/** Makes a new one. */
export function make(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(
    options as JsonOptions<typeof PublicKeyCredential.parseCreationOptionsFromJSON>,
  )
  return asked(navigator.credentials.create({ publicKey }))
}
