/** What a reviewer would compare by hand, compared: each line says what was found. A help, not a decision. Pure. */

import type { Schemas } from '@/shared/api/client'
import { idNumberFault } from '@/shared/logic/idNumber'
import { sumOf } from '@/shared/logic/shares'

type Case = Schemas['CaseView']

export interface Check {
  /** `checks.<key>` is its sentence; `<key>Bad` where it does not fit. */
  key: string
  isGood: boolean
  facts: Record<string, string>
}

/** The parts of a profile that are read here. */
interface Rules {
  sale?: {
    preparation?: { materials?: { slots: { slot: string; sides: string[]; required: boolean }[] } | null; confirmers?: string }
  } | null
}

interface Words {
  slot: (slot: string) => string
  state: (state: string) => string
  qualification: (state: string) => string
}

const HARMFUL = new Set(['seized', 'objection', 'cancelled'])

export function checksOf(subject: Case, profile: unknown, words: Words): Check[] {
  const sale = (profile as Rules).sale
  return [
    ...numbers(subject),
    ...shares(subject),
    ...house(subject, words),
    ...money(subject),
    ...agreed(subject, sale?.preparation?.confirmers ?? 'nobody'),
    ...scan(subject),
    ...notarised(subject),
    ...papers(subject, sale?.preparation?.materials?.slots ?? [], words),
  ]
}

function made(key: string, isGood: boolean, facts: Record<string, string> = {}): Check {
  return { key, isGood, facts }
}

function parties(subject: Case) {
  return subject.people?.parties ?? []
}

function numbers(subject: Case): Check[] {
  return parties(subject)
    .filter((party) => party.id_type === 'resident_id' && !party.id_number.includes('*'))
    .map((party) => made('id', idNumberFault('resident_id', party.id_number) === null, { name: party.name }))
}

function shares(subject: Case): Check[] {
  if (subject.people?.co_ownership !== 'by_share') return []
  const held = parties(subject).filter((party) => party.side === 'buyer').map((party) => party.share_held ?? '')
  const sum = sumOf(held)
  return [made('share', sum === '1', { sum: sum ?? '—' })]
}

function house(subject: Case, words: Words): Check[] {
  const checked = subject.house?.checked
  if (!checked) return []
  const sellers = new Set(parties(subject).filter((party) => party.side === 'seller').map((party) => party.key))
  const harmful = checked.states.filter((state) => HARMFUL.has(state))
  return [
    made('state', harmful.length === 0, { states: checked.states.map(words.state).join('、') }),
    made('owners', checked.owners.every((key) => sellers.has(key))),
  ]
}

function money(subject: Case): Check[] {
  const terms = (subject.text?.clauses as { money?: { price?: string; instalments?: { amount?: string }[] } } | undefined)?.money
  const parts = terms?.instalments
  if (!terms?.price || !parts?.length || parts.some((part) => !part.amount)) return []
  const cents = (amount: string) => Math.round(Number(amount) * 100)
  const sum = parts.reduce((all, part) => all + cents(part.amount ?? '0'), 0)
  return [made('price', sum === cents(terms.price), { sum: (sum / 100).toFixed(2), price: terms.price })]
}

function agreed(subject: Case, confirmers: string): Check[] {
  const found: Check[] = []
  const sha256 = subject.text?.fixed?.sha256
  const yes = new Set((subject.text?.confirmations ?? []).filter((each) => each.text_sha256 === sha256).map((each) => each.party))
  if (sha256 && confirmers !== 'nobody') {
    const missing = parties(subject).filter((party) => !yes.has(party.key))
    found.push(made('confirmed', missing.length === 0, { count: String(yes.size), names: missing.map((party) => party.name).join('、') }))
  }
  const tasks = subject.signing?.tasks ?? []
  if (tasks.length) {
    const open = tasks.filter((task) => task.signed_at === null).map((task) => task.party)
    const names = parties(subject).filter((party) => open.includes(party.key)).map((party) => party.name)
    found.push(made('signed', open.length === 0, { count: String(tasks.length), names: names.join('、') }))
  }
  return found
}

function scan(subject: Case): Check[] {
  const wet = subject.signing?.wet
  if (!wet) return []
  return [made('wet', wet.look_at_pages.length === 0, { pages: wet.look_at_pages.join('、') })]
}

/** What a notary's office signed was verified; a scan proves nothing before its original was seen (SZ-80). */
function notarised(subject: Case): Check[] {
  return (subject.signing?.extra_papers ?? []).flatMap((each) =>
    each.notarial ? [made('notarised', each.notarial.standing !== 'unverified', { number: each.notarial.number ?? '' })] : [],
  )
}

function papers(subject: Case, slots: { slot: string; sides: string[]; required: boolean }[], words: Words): Check[] {
  const found: Check[] = []
  const held = subject.papers?.materials ?? []
  const needed = slots.filter((each) => each.required)
  if (needed.length) {
    const missing = needed.filter((slot) =>
      parties(subject).some(
        (party) => slot.sides.includes(party.side) && !held.some((one) => one.slot === slot.slot && one.party === party.key),
      ),
    )
    found.push(made('materials', missing.length === 0, { slots: missing.map((each) => words.slot(each.slot)).join('、') }))
  }
  const state = subject.papers?.qualification.state ?? 'none'
  if (state !== 'none') found.push(made('qualification', state === 'passed' || state === 'used', { state: words.qualification(state) }))
  return found
}
