import { describe, expect, it } from 'vitest'
import { guide, wantedExtras } from './guide'
import type { Case, City, OpenAct } from './profile'

const words = { slot: (slot: string) => slot, form: (name: string) => name, paper: (name: string) => name }

/** A city as Shenzhen is, in what is asked about here. */
const city = {
  name: 'anywhere',
  title: '某市',
  lifecycle: [],
  templates: {},
  profile: {
    people: { entrant: 'seller', checks: [] },
    filing: { review: true, submitted_by: ['seller'] },
    sale: {
      house: { lookups: [] },
      entry: { buyers: { by: 'seller', join: 'none', join_keys: [] }, notices: [], forms: [] },
      preparation: {
        qualification: { need: 'never' },
        confirmers: 'nobody',
        undertakings: [],
        materials: {
          uploaded_by: ['seller', 'window_staff'],
          e_licence: true,
          slots: [
            { slot: 'identity', sides: ['seller', 'buyer'], required: true, before: 'submit_filing' },
            { slot: 'other', sides: ['seller', 'buyer'], required: false, before: 'submit_filing' },
          ],
        },
      },
      signing: {
        steps: {},
        started_by: ['seller'],
        wet_extra: [{ circumstance: 'overseas', paper: 'notarised_contract', notarised: true }],
      },
    },
    templates: {},
  },
} as unknown as City

const parties = [
  { key: 'seller-1', side: 'seller', name: '林海涛', phone: '1', acts_through: [], unrepresented: [] },
  { key: 'buyer-1', side: 'buyer', name: 'ANNA', phone: '1', acts_through: [], unrepresented: [] },
]

function subject(state: string, more: Record<string, unknown> = {}, as = ['seller']): Case {
  return {
    case_no: '1',
    state,
    you: { as, parties: [`${as[0]}-1`], acts: [] },
    people: { parties },
    house: { checked: {} },
    text: { amendments: [] },
    papers: { handed_in: [], materials: [], licences_allowed: [], undertakings: [], qualification: { state: 'none' } },
    signing: { method: 'wet', bars: [{ party: 'buyer-1', circumstance: 'overseas' }], tasks: [], extra_papers: [], wet: null },
    filing: { review: null, sealed: null },
    waiting_for: [],
    notary: null,
    ...more,
  } as unknown as Case
}

function open(...names: string[]): OpenAct[] {
  return names.map((name) => ({ name, in_the_way: [] })) as unknown as OpenAct[]
}

function standings(of: Case, ...acts: string[]): Record<string, string> {
  return Object.fromEntries(guide(of, city, open(...acts), words).map((step) => [step.key, step.standing]))
}

const signing = { method: 'wet', bars: [{ party: 'buyer-1', circumstance: 'overseas' }], tasks: [], extra_papers: [], wet: {} }

describe('papers of both sides, handed in by one of them (SZ-75)', () => {
  const handed = (...whose: string[]) => ({
    papers: {
      ...subject('signed').papers,
      handed_in: whose.map((party) => ({ slot: 'identity', party, count: 1 })),
    },
  })

  it('are done once everybody has one, though one sees only one’s own', () => {
    expect(standings(subject('signed', handed('seller-1')), 'upload-material').materials).toBe('todo')
    expect(standings(subject('signed', handed('seller-1', 'buyer-1')), 'upload-material').materials).toBe('done')
  })

  it('are no step of the side that only looks on', () => {
    expect(standings(subject('signed', handed(), ['buyer'])).materials).toBeUndefined()
  })
})

describe('somebody who cannot act alone (SZ-58, H-08)', () => {
  const child = (side: string, ...lacks: string[]) => ({ ...parties.find((each) => each.side === side), acts_through: ['guardian'], unrepresented: lacks.map((code) => ({ code })) })
  const entered = (side: string, as: string[], ...lacks: string[]) =>
    standings(subject('drafting', { people: { parties: [...parties.filter((each) => each.side !== side), child(side, ...lacks)] } }, as), 'set-representation')

  it('is a step of their own side until somebody is named, and of nobody else', () => {
    expect(entered('seller', ['seller'], 'guardian.missing').represent).toBe('todo')
    expect(entered('seller', ['seller']).represent).toBe('done')
    expect(entered('seller', ['buyer'], 'guardian.missing').represent).toBeUndefined()
  })

  it('is a step of the side that types the other in (ZS-32)', () => {
    expect(entered('buyer', ['seller'], 'guardian.both_parents').represent).toBe('todo')
  })
})

describe('the notarised contract of somebody from abroad (SZ-80)', () => {
  it('waits for the scan', () => {
    expect(standings(subject('signing'), 'upload-signed-scan')).toMatchObject({ wet: 'todo', extra: 'blocked' })
    expect(standings(subject('signing', { signing }), 'upload-signed-scan')).toMatchObject({ wet: 'done', extra: 'todo' })
  })

  it('is the office’s move while it is there, and ours again when it refused', () => {
    const before = (state: string) => subject('signing', { signing, notary: { current: { purpose: 'contract', state } } })
    for (const state of ['prepared', 'pushed', 'submitted', 'supplement', 'accepted']) {
      expect(standings(before(state)).extra).toBe('waiting')
    }
    for (const state of ['refused', 'withdrawn']) expect(standings(before(state)).extra).toBe('todo')
  })

  it('is done by certificate or scan, and wanted again when the certificate was revoked before the filing', () => {
    const held = { ...signing, extra_papers: [{ paper: 'notarised_contract' }] }
    expect(standings(subject('signing', { signing: held })).extra).toBe('done')
    expect(standings(subject('signed', { signing })).extra).toBe('todo')
  })

  it('is asked of nobody else', () => {
    const among = { ...signing, bars: [{ party: 'seller-1', circumstance: 'no_app' }] }
    expect(wantedExtras(subject('signing', { signing: among }), city)).toEqual([])
    expect(wantedExtras(subject('signing', { signing: { ...signing, method: 'app' } }), city)).toEqual([])
  })
})
