/** Whom others act for in a case, as far as whoever looks may enter it. Pure; knows no city by name. */

import type { Case, City } from './profile'

/** What a city says of representation. */
interface Rules {
  representation?: { basis: string; matters?: string[] }[]
  guardians?: { matter: string; rule: { papers?: string[][]; single_guardian_papers?: string[] } }[]
}

export type Party = NonNullable<Case['people']>['parties'][number]

/** Parties whose representation I enter: of my own side; a side that types the other in names its people too (ZS-32). */
export function ofMySide(subject: Case, city: City): Party[] {
  const sides = new Set<string>(subject.you.as)
  const types = city.profile.sale?.entry.buyers.by
  return (subject.people?.parties ?? []).filter((party) => sides.has(party.side) || (party.side === 'buyer' && types !== undefined && sides.has(types)))
}

/** Parties who cannot act by themselves, and of whom something is entered here. */
export function wards(subject: Case, city: City): Party[] {
  return ofMySide(subject, city).filter((party) => party.acts_through.length > 0)
}

/** A grown-up of this contract whose number is shown to whoever looks. */
export function actsForItself(party: Party): boolean {
  return party.kind === 'person' && !party.acts_through.length && !party.id_number.includes('*')
}

/** Kinds of paper that guardians hand in for a party here; those for a single guardian where one is alone, or did. */
export function guardiansPapers(party: Party, city: City, handedIn: ReadonlySet<string>): string[] {
  if (!party.acts_through.includes('guardian')) return []
  const rule = rulesOf(city).guardians?.find((each) => each.matter === 'sign')?.rule
  const isAlone = party.unrepresented.some((each) => each.code === 'guardian.both_parents')
  const ofOne = (rule?.single_guardian_papers ?? []).filter((paper) => isAlone || handedIn.has(paper))
  return [...new Set([...(rule?.papers ?? []).flat(), ...ofOne])]
}

/** Whether somebody may sign for another by this basis here, not only be seen at the window. */
export function actsOnline(city: City, basis: string): boolean {
  return (rulesOf(city).representation ?? []).some((rule) => rule.basis === basis && (!rule.matters?.length || rule.matters.includes('sign')))
}

function rulesOf(city: City): Rules {
  return city.profile.people as Rules
}
