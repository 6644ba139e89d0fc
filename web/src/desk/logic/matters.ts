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

/** The term is over and nothing came of it. */
export function isOverdue(matter: Matter | null | undefined): boolean {
  return matter?.deadline?.overdue ?? false
}

export type Filter = 'all' | 'ours' | 'overdue'

/** What is late first, then what waits for the office, then the rest; each as it came. */
export function sorted<T extends { current: Matter | null; past: readonly Matter[] }>(rows: readonly T[], filter: Filter): T[] {
  const rank = (row: T) => (isOverdue(standing(row)) ? 0 : officesMove(standing(row)) ? 1 : 2)
  const most = { all: 2, ours: 1, overdue: 0 }[filter]
  return rows.filter((row) => rank(row) <= most).sort((one, other) => rank(one) - rank(other))
}

/** The matter that counts, else the last there was. */
export function standing(row: { current: Matter | null; past: readonly Matter[] } | null | undefined): Matter | null {
  return row?.current ?? row?.past.at(-1) ?? null
}

/** A correction or revocation that nobody has judged yet. */
export function openChange(subject: { notary?: { current: Matter | null; past: readonly Matter[] } | null } | null): { sha256: string } | null {
  return standing(subject?.notary)?.certificate?.changes.find((each) => each.outcome === null) ?? null
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
