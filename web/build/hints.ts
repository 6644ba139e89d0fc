import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** Address, `*` for any one part of it → the pages it shows first. */
type FirstPages = Record<string, string[]>

interface Part {
  type: string
  fileName: string
  facadeModuleId?: string | null
  isEntry?: boolean
  imports?: string[]
  viteMetadata?: { importedCss: Set<string> }
}

/**
 * `hints.json`: what a page will ask for once its script runs, so that `api/pages.py` can name it in the answer's head
 * and the browser need not wait to find out (RFC 8288; HTML Standard, § 4.6.7.13, modulepreload).
 */
export function hints(firstPages: FirstPages): Plugin {
  let folder = ''
  return {
    name: 'hints',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir
    },
    writeBundle(_, bundle) {
      const parts = bundle as unknown as Record<string, Part>
      const known = new Set(Object.values(parts).filter((part) => part.isEntry).flatMap((part) => filesOf(part, parts)))
      const found = Object.entries(firstPages).map(([address, pages]) => {
        const wanted = pages.flatMap((page) => {
          const part = Object.values(parts).find((each) => each.facadeModuleId?.endsWith(page))
          if (!part) throw new Error(`no part is made of ${page}`)
          return filesOf(part, parts)
        })
        return [address, [...new Set(wanted)].filter((file) => !known.has(file)).map((file) => `/${file}`)]
      })
      writeFileSync(join(folder, 'hints.json'), JSON.stringify(Object.fromEntries(found)))
    },
  }
}

/** A part, what it imports at once, and their styles. */
function filesOf(part: Part, parts: Record<string, Part>, seen = new Set<string>()): string[] {
  if (seen.has(part.fileName)) return []
  seen.add(part.fileName)
  const inner = (part.imports ?? []).flatMap((name) => {
    const imported = parts[name]
    return imported ? filesOf(imported, parts, seen) : []
  })
  return [part.fileName, ...inner, ...(part.viteMetadata?.importedCss ?? [])]
}
