import { describe, expect, it } from 'vitest'
import type { Schemas } from '@/shared/api/client'
import enAll from '@/shared/i18n/en'
import zhAll from '@/shared/i18n/zh'
import { actionsOf, othersOf } from './actions'
import offered from './offered.json'
import enDesk from '../words/en'
import zhDesk from '../words/zh'
import { checksOf } from './checks'
import { choicesFor } from './known'
import { newestOfKind, newestPackage, officesMove, sentences, type Matter } from './matters'

type Case = Schemas['CaseView']

const words = { slot: (slot: string) => slot, state: (state: string) => state, qualification: (state: string) => state }

function party(key: string, more: Record<string, unknown> = {}) {
  return { key, side: key.split('-')[0], name: key, id_type: 'resident_id', id_number: '420202197803120510', share_held: null, ...more }
}

function subject(more: Record<string, unknown> = {}): Case {
  return {
    state: 'in_review',
    you: { as: ['reviewer'], parties: [], acts: [] },
    people: { parties: [party('seller-1'), party('buyer-1')], representations: [], co_ownership: 'sole' },
    filing: { review: { claimed: false, claimed_by_you: false, decision: null } },
    ...more,
  } as unknown as Case
}

const open = (...names: string[]) => names.map((name) => ({ name, by: [], in_the_way: [] })) as never

describe('actions', () => {
  const all = open('claim-review', 'approve-review', 'return-text', 'return-materials', 'release-review', 'seal-filing', 'remove-material')
  const named = (review: Record<string, unknown>) =>
    actionsOf(subject({ filing: { review: { claimed: false, claimed_by_you: false, decision: null, ...review } } }), all).map((each) => each.name)

  it('offers a free case to be claimed and nothing else', () => expect(named({})).toEqual(['claim-review']))
  it('offers nothing where somebody else has it', () => expect(named({ claimed: true })).toEqual([]))
  it('offers a decision to whoever claimed it', () =>
    expect(named({ claimed: true, claimed_by_you: true })).toEqual(['approve-review', 'return-materials', 'return-text', 'release-review']))
  it('offers the seal once it was approved', () => expect(named({ claimed: true, decision: 'approved' })).toEqual(['seal-filing']))
  it('puts the rest in the list, decisions out of turn left out', () =>
    expect(othersOf(subject(), all, []).map((each) => each.name)).toEqual(['remove-material']))
  it('lets any reviewer free what somebody absent has taken', () => {
    const taken = subject({ filing: { review: { claimed: true, claimed_by_you: false, decision: null } } })
    expect(othersOf(taken, all, []).map((each) => each.name)).toEqual(['release-review', 'remove-material'])
  })

  const reviews = [null, { claimed: false, claimed_by_you: false }, { claimed: true, claimed_by_you: true, decision: null }, { claimed: true, claimed_by_you: false, decision: 'approved' }]
  it.each(Object.entries(offered).filter(([actor]) => actor !== 'notary'))('reaches every act offered to %s', (actor, names) => {
    for (const name of names) {
      const found = reviews.some((review) => {
        const case_ = subject({ you: { as: [actor], parties: [], acts: [] }, filing: { review } })
        const shown = actionsOf(case_, open(name))
        return [...shown, ...othersOf(case_, open(name), shown)].some((each) => each.name === name)
      })
      expect(found, name).toBe(true)
    }
  })
  it('has a word in both languages for each', () => {
    for (const name of Object.values(offered).flat()) {
      expect({ ...zhAll.acts, ...zhDesk.acts }, name).toHaveProperty([name])
      expect({ ...enAll.acts, ...enDesk.acts }, name).toHaveProperty([name])
    }
  })
})

describe('choices', () => {
  const profile = { cancelling: { rows: [{ name: 'filed', demands: { papers: ['e_licence_authorisation', 'cancel_form'], proofs: ['captcha'] } }] } }
  const cancelled = subject({ cancelling: { current: { rule: 'filed' }, past: [] } })
  const papers = (act: string) => choicesFor(act, cancelled, profile, (_, value) => value).paper?.map((each) => each.value)

  it('names the papers the city wants for this cancellation, and what stands in for a licence', () =>
    expect(papers('upload-cancel-paper')).toEqual(['e_licence_authorisation', 'cancel_form', 'identity_proof']))
  it('knows none for other acts', () => expect(papers('upload-material')).toBeUndefined())
})

describe('checks', () => {
  const wrong = (case_: Case, profile: unknown = {}) => checksOf(case_, profile, words).filter((each) => !each.isGood).map((each) => each.key)

  it('finds a number that does not check out', () =>
    expect(wrong(subject({ people: { parties: [party('seller-1', { id_number: '420202197803120511' })] } }))).toEqual(['id']))
  it('adds shares exactly', () => {
    const held = (...shares: string[]) => subject({ people: { co_ownership: 'by_share', parties: shares.map((share, index) => party(`buyer-${index}`, { share_held: share })) } })
    expect(wrong(held('1/3', '1/3', '1/3'))).toEqual([])
    expect(wrong(held('1/3', '1/3'))).toEqual(['share'])
  })
  it('adds instalments to the price', () => {
    const money = (price: string) => subject({ text: { clauses: { money: { price, instalments: [{ amount: '0.10' }, { amount: '0.20' }] } }, confirmations: [] } })
    expect(wrong(money('0.30'))).toEqual([])
    expect(wrong(money('0.31'))).toEqual(['price'])
  })
  it('minds a seizure and an owner who does not sell', () =>
    expect(wrong(subject({ house: { checked: { states: ['seized'], owners: ['seller-1', 'seller-2'] } } }))).toEqual(['state', 'owners']))
  it('names the papers that are missing', () => {
    const profile = { sale: { preparation: { materials: { slots: [{ slot: 'title', sides: ['seller'], required: true }] } } } }
    expect(wrong(subject({ papers: { materials: [], qualification: { state: 'none' } } }), profile)).toEqual(['materials'])
  })
  it('says who has not signed', () =>
    expect(wrong(subject({ signing: { tasks: [{ party: 'buyer-1', signed_at: null }], wet: null } }))).toEqual(['signed']))
})

describe('matters', () => {
  it('takes the newest package that counts and is built', () => {
    const packages = [
      { number: 1, superseded_at: 'x', sha256: 'a' },
      { number: 2, superseded_at: null, sha256: 'b' },
      { number: 3, superseded_at: null, sha256: null },
    ]
    expect(newestPackage({ packages } as unknown as Matter)?.number).toBe(2)
    expect(newestPackage(null)).toBeNull()
  })
  it('knows whose move it is', () => {
    expect(officesMove({ state: 'submitted' } as Matter)).toBe(true)
    expect(officesMove({ state: 'verifying' } as Matter)).toBe(false)
  })
  it('keeps the newest of a kind', () =>
    expect(newestOfKind([{ kind: 'id_front', added_at: '1' }, { kind: 'id_front', added_at: '2' }])).toEqual([{ kind: 'id_front', added_at: '2' }]))
  it('splits a script into sentences', () => expect(sentences('我是甲。我自愿申请！\n好')).toEqual(['我是甲。', '我自愿申请！', '好']))
})
