/**
 * Which acts stand as buttons above a dossier, the one most wanted first; the rest are in a list. Pure.
 *
 * `offered.json` says which acts a desk offers to whom; a test compares it with the table of acts, another sees that each
 * can be reached here.
 */

import type { Schemas } from '@/shared/api/client'
import { openChange } from './matters'

type Case = Schemas['CaseView']
type OpenAct = Schemas['OpenActView']

export type Tone = 'main' | 'plain' | 'danger'

export interface Action {
  name: string
  tone: Tone
  /** What stands in the way, in both languages. */
  why: { zh: string; en: string }[]
}

/** Of the land registry. */
const AT_REGISTRY: [string, Tone][] = [
  ['acknowledge-contract', 'plain'],
  ['registry-accept', 'main'],
  ['registry-done', 'main'],
  ['registry-reject', 'danger'],
]

/** Of the window, in the order in which people come. */
const AT_WINDOW: [string, Tone][] = [
  ['check-at-window', 'main'],
  ['upload-material', 'plain'],
  ['hand-off-signing', 'main'],
  ['attest-signer', 'plain'],
  ['submit-filing', 'main'],
  ['attend-cancel', 'main'],
  ['hand-in-mandate', 'plain'],
  ['upload-cancel-paper', 'plain'],
  ['submit-cancel-review', 'plain'],
]

export function actionsOf(subject: Case, open: readonly OpenAct[]): Action[] {
  const able = new Map(open.map((each) => [each.name, each]))
  const wanted: [string, Tone][] = [...ofReview(subject), ...AT_REGISTRY.filter(([name]) => isWanted(name, subject))]
  if (subject.you.as.includes('window_staff')) wanted.push(...AT_WINDOW)
  wanted.push(['decide-cancel', 'main'])
  // Where a notary changed what they certified.
  if (openChange(subject)) wanted.push(['decide-certificate-change', 'main'])
  return wanted.filter(([name]) => able.has(name)).map(([name, tone]) => ({ name, tone, why: whyOf(able.get(name)) }))
}

/** Whatever else may be tried. */
export function othersOf(subject: Case, open: readonly OpenAct[], shown: readonly Action[]): Action[] {
  const names = new Set([...shown.map((each) => each.name), ...outOfTurn(subject)])
  return open.filter((each) => !names.has(each.name)).map((each) => ({ name: each.name, tone: 'plain', why: whyOf(each) }))
}

/** What would only be refused: deciding on what one has not taken, sealing what nobody has approved. */
function outOfTurn(subject: Case): string[] {
  const review = subject.filing?.review
  const held = ['claim-review', 'approve-review', 'return-materials', 'return-text', 'seal-filing', 'acknowledge-contract']
  // Whoever took it may be absent: any reviewer may let it go, and an approval falls with it.
  return review?.claimed ? held : [...held, 'release-review']
}

function ofReview(subject: Case): [string, Tone][] {
  const review = subject.filing?.review
  if (subject.state !== 'in_review' || !review) return []
  if (review.decision === 'approved') return [['seal-filing', 'main']]
  if (!review.claimed) return [['claim-review', 'main']]
  if (!review.claimed_by_you) return []
  const confirm: [string, Tone][] = unseenOriginals(subject).length ? [['confirm-notarised-paper', 'main']] : []
  return [
    ...confirm,
    ['approve-review', 'main'],
    ['return-materials', 'danger'],
    ['return-text', 'danger'],
    ['release-review', 'plain'],
  ]
}

/** Scans of a notary's papers whose originals nobody has looked at yet (SZ-80). */
export function unseenOriginals(subject: Case): { paper: string; sha256: string }[] {
  return (subject.signing?.extra_papers ?? []).filter((each) => each.notarial?.standing === 'unverified')
}

function isWanted(name: string, subject: Case): boolean {
  // Said once is enough, though it may be said again.
  return name !== 'acknowledge-contract' || subject.registry?.acknowledged_at == null
}

function whyOf(act: OpenAct | undefined): { zh: string; en: string }[] {
  const all = (act?.in_the_way ?? []).map((each) => ({ zh: String(each.zh), en: String(each.en) }))
  return [...new Map(all.map((each) => [each.zh, each])).values()]
}
