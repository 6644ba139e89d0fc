import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/**
 * Vant's symbols come as a font inside its style, with another host's address behind it. The font becomes a file of
 * ours and the address goes: no page names another host, and `font-src 'self'` is enough.
 */
export function ownFont(folder: string): Plugin {
  return {
    name: 'own-font',
    enforce: 'pre',
    transform(code, id) {
      if (!/vant\/(es|lib)\/icon\/index\.css/.test(id)) return null
      const inside = /url\(["']?data:font\/woff2;[^,]*base64,([A-Za-z0-9+/=]+)["']?\)/.exec(code)
      if (!inside?.[1]) throw new Error("Vant's icon font is not where it was")
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'symbols.woff2'), Buffer.from(inside[1], 'base64'))
      const own = `@font-face{font-weight:400;font-family:"vant-icon";font-style:normal;font-display:block;src:url("@/.generated/symbols.woff2") format("woff2")}`
      return { code: code.replace(/@font-face\s*\{[^}]*\}/, own), map: null }
    },
  }
}
