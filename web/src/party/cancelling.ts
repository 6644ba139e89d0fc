/** What a cancellation under way still takes of me; read from the case and the city's table. Pure. */

import type { CancelRow, Case, City } from './guide'

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
