/** A notary matter, as its office looks at it. Pure. */

import type { Schemas } from '@/shared/api/client'

export type Matter = Schemas['NotaryMatterView']
export type Package = Matter['packages'][number]

/** The one that counts, once it is built. */
export function newestPackage(matter: Matter | null | undefined): Package | null {
  return [...(matter?.packages ?? [])].reverse().find((each) => each.superseded_at === null && each.sha256 !== null) ?? null
}

/** It waits for the office, not for purchasers or the developer. */
export function officesMove(matter: Matter | null | undefined): boolean {
  return matter != null && ['pushed', 'submitted', 'accepted'].includes(matter.state)
}

/** The newest of each kind: what a retake replaced does not count. */
export function newestOfKind<T extends { kind: string; added_at: string }>(files: readonly T[]): T[] {
  const found = new Map<string, T>()
  for (const file of files) {
    const before = found.get(file.kind)
    if (!before || before.added_at <= file.added_at) found.set(file.kind, file)
  }
  return [...found.values()]
}

/** Sentences of a script, one to a line: easier to follow while listening. */
export function sentences(text: string): string[] {
  return text.split(/(?<=[。！？!?；;\n])/).map((each) => each.trim()).filter(Boolean)
}
