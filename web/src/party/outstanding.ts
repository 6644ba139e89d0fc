/** What the service finds missing in a contract that is being prepared, by who can do something about it. Pure. */

export interface Finding {
  zh: string
  en: string
  path?: string
  /** Key of the party whose data it is about. */
  party?: string | null
}

export interface Outstanding {
  /** In the terms themselves. */
  terms: Finding[]
  /** In what was said of people who are there already. */
  people: Finding[]
  /** Of people who have not joined yet, and all else. */
  later: Finding[]
}

/** Parts of a contract that its terms are; houses and people come from the register and from themselves. */
export const TERMS = ['money', 'performance', 'liability', 'other_agreements', 'annexes'] as const

export function outstanding(findings: readonly Finding[]): Outstanding {
  const found: Outstanding = { terms: [], people: [], later: [] }
  for (const each of findings) {
    const part = (each.path ?? '').split('.')[0] ?? ''
    if ((TERMS as readonly string[]).includes(part)) found.terms.push(each)
    else (each.party ? found.people : found.later).push(each)
  }
  return found
}

/** Identifiers of the inputs a finding may be about, the nearest first: the field, then what it is a part of. */
export function placesOf(path: string): string[] {
  const parts = path.split('.')
  return parts.map((_, index) => `f-${parts.slice(0, parts.length - index).join('-')}`)
}
