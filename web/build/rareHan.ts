import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const NAME = 'virtual:rare-han.css'
// One piece of the package's style sheet; `scripts/rare_fonts.py` reads the same.
const PIECE = /url\((HanaMinB\.CJK-Unified-Ideographs-Extension-[B-F][\w.-]*\.woff2)\) format\("woff2"\);\s*unicode-range: ([^;]+);/g

/**
 * `virtual:rare-han.css`: the face for characters of names that few devices have (CJK Extensions B to F), in pieces of a
 * thousand. A browser asks for a piece (¼ MB, from us, for ever) only where a page shows one of its characters and no
 * face named before has it.
 */
export function rareHan(folder: string): Plugin {
  const resolved = '\0' + NAME
  return {
    name: 'rare-han',
    resolveId: (id) => (id === NAME ? resolved : null),
    load(id) {
      if (id !== resolved) return null
      const pieces = [...readFileSync(join(folder, 'HanaMin.css'), 'utf8').matchAll(PIECE)]
      if (!pieces.length) throw new Error('the package hanamin is not as it was: no piece of extensions B to F')
      return pieces
        .map(([, file, range]) => `@font-face{font-family:"Rare Han";font-display:swap;src:url("${join(folder, file!)}") format("woff2");unicode-range:${range}}`)
        .join('\n')
    },
  }
}
