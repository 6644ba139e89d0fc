/** Certificates as offices send them: PEM as it is; DER wrapped into it. */

const ARMOUR = /-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/

export function asPem(content: Uint8Array): string {
  const text = new TextDecoder().decode(content)
  if (text.includes('-----BEGIN')) return text
  const code = btoa(Array.from(content, (byte) => String.fromCharCode(byte)).join(''))
  return `-----BEGIN CERTIFICATE-----\n${(code.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`
}

/** What an office reads out to be compared: SHA-256 of the first certificate's DER, hex; empty where there is none. */
export async function certificateDigest(pem: string): Promise<string> {
  const body = ARMOUR.exec(pem)?.[1]
  if (!body || !globalThis.crypto?.subtle) return ''
  try {
    const der = Uint8Array.from(atob(body.replace(/\s/g, '')), (character) => character.charCodeAt(0))
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  } catch {
    return ''
  }
}
