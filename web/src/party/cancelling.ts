/** What a cancellation under way still takes of me; read from the case and the city's table. Pure. */

import type { CancelRow, Case, City } from './profile'

/** Uploaded where the e-licence is not authorised, or not found (SZ-99). */
export const IDENTITY_PROOF = 'identity_proof'
const E_LICENCE = 'e_licence_authorisation'

/** Consent that is given by logging in; others are given before a clerk or a notary. */
const ONLINE = new Set(['other_side', 'all_parties'])

export interface OwnPaper {
  paper: string
  party: string
  sha256: string | null
}

export function rowOf(subject: Case, city: City | null): CancelRow | null {
  const rule = subject.cancelling?.current?.rule
  return city?.profile.cancelling?.rows.find((row) => row.name === rule) ?? null
}

export function mayConsent(subject: Case, row: CancelRow | null): boolean {
  return !!row && ONLINE.has(row.consent) && subject.you.parties.some((key) => subject.waiting_for.includes(key))
}

/** Papers of the parties I stand for, handed in or not. Those of the other side are none of mine to see. */
export function ownPapers(subject: Case, row: CancelRow | null): OwnPaper[] {
  const held = subject.cancelling?.current?.papers ?? []
  const found: OwnPaper[] = []
  for (const party of subject.you.parties) {
    for (const paper of row?.demands?.papers ?? []) {
      const alternatives = paper === E_LICENCE ? [paper, IDENTITY_PROOF] : [paper]
      const file = held.find((each) => alternatives.includes(each.paper) && (each.party === party || each.party === null))
      found.push({ paper, party, sha256: file?.sha256 ?? null })
    }
  }
  return found
}

/** Whether there is anything for me to do, or only to wait. */
export function isMyMove(subject: Case, row: CancelRow | null): boolean {
  const asked = subject.cancelling?.current
  if (!asked || !row) return false
  if (mayConsent(subject, row)) return true
  if (row.channel === 'online' && ownPapers(subject, row).some((each) => each.sha256 === null)) return true
  const isAsker = subject.you.as.includes(asked.asker)
  if (row.demands?.proofs?.includes('captcha')) return isAsker
  return isAsker && !!row.demands?.review && !asked.submitted_at && !subject.waiting_for.length
}

/** What a way of cancelling asks, as far as its consequences depend on it. */
export interface Way {
  consent: string
  channel: string
  /** What must be done first: with the code voided, there is none to stay. */
  first?: string | null | undefined
  demands?: { review?: boolean; appointment?: boolean; proofs?: readonly string[] } | undefined
}

export interface Consequences {
  /** When it takes effect: keys below `cancel.when`. */
  when: string[]
  /** What becomes of money: keys below `cancel.moneys`. */
  money: string[]
  /** What is void and what stays: keys below `cancel.voids`. */
  voids: string[]
}

const FILED = new Set(['filed', 'registering'])
const UNSIGNED = new Set(['opened', 'drafting', 'text_ready'])

/** What follows, told before anybody asks or agrees. `state` is the one the contract is in, or was when it was asked. */
export function consequencesOf(subject: Case, way: Way, scope: string, state: string): Consequences {
  return { when: whenOf(way), money: moneyOf(subject, state), voids: voidsOf(subject, way, scope, state) }
}

function whenOf(way: Way): string[] {
  const before = [...(way.demands?.appointment ? ['appointment'] : []), ...(way.demands?.proofs?.includes('captcha') ? ['proof'] : [])]
  if (way.demands?.review) return [...before, 'review']
  if (way.consent === 'none') return ['at_once']
  if (way.consent === 'unilateral') return before
  return [...before, way.channel === 'window' ? 'window' : 'all_agreed']
}

function moneyOf(subject: Case, state: string): string[] {
  if (UNSIGNED.has(state)) return ['none_yet']
  return ['own', ...(subject.filing?.supervision?.opened_at ? ['supervised'] : [])]
}

function voidsOf(subject: Case, way: Way, scope: string, state: string): string[] {
  if (scope === 'filing') return ['filing_only']
  const qualification = subject.papers?.qualification.state
  return [
    UNSIGNED.has(state) ? 'draft' : 'contract',
    ...(subject.signing?.tasks.some((each) => each.signed_at) || subject.signing?.side_codes.length || subject.signing?.wet ? ['signatures'] : []),
    ...(FILED.has(state) ? ['filing'] : []),
    ...(qualification === 'used' ? ['code_back'] : !way.first && (qualification === 'passed' || qualification === 'applied') ? ['code_stays'] : []),
    'evidence',
  ]
}
