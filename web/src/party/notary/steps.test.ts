import { describe, expect, it } from 'vitest'
import { idTypesOf, placesOf, settlementFaults, settlementInput, type Task, whoseToken } from './steps'

const EMPTY = { price: '', paid: '', refund: '', within_days: '', loan: '' }

function task(done: number, more: Partial<Task> = {}): Task {
  const steps = ['select_self', 'face', 'read_all', 'upload_id_photos', 'upload_signature_image', 'face'] as const
  const places = steps.map((step, index) => ({ step, done_at: index < done ? '2026-11-21T03:00:00Z' : null }))
  return { party: 'buyer-1', claimed: done > 0, submitted_at: null, places, files: [], ...more } as unknown as Task
}

describe('steps before a notary', () => {
  it('are shown in order, one of them now, the handing in last', () => {
    const places = placesOf(task(2))
    expect(places.map((each) => each.standing)).toEqual(['done', 'done', 'now', 'later', 'later', 'later', 'later'])
    expect(places.at(-1)?.key).toBe('submit')
  })

  it('may stand there twice', () => {
    expect(placesOf(task(1)).map((each) => each.isAgain)).toEqual([false, false, false, false, false, true, false])
  })

  it('leave the handing in when all are done', () => {
    expect(placesOf(task(6)).at(-1)?.standing).toBe('now')
    expect(placesOf(task(6, { submitted_at: '2026-11-21T04:00:00Z' })).at(-1)?.standing).toBe('done')
  })

  it('wait for the code', () => {
    expect(placesOf(task(0)).every((each) => each.standing === 'later')).toBe(true)
  })

  it('done out of order stay done', () => {
    const again = task(6)
    const places = again.places.map((place, index) => (index === 3 ? { ...place, done_at: null } : place))
    expect(placesOf({ ...again, places }).map((each) => each.standing)).toEqual(['done', 'done', 'done', 'now', 'done', 'done', 'later'])
  })
})

describe('a code', () => {
  it('says whose it is', () => {
    expect(whoseToken('20261121.00001.buyer-1.kL0v2mXb5nQhT8sZ1cYwJfRgPdUeA7oiK3tNxVqBy4E')).toEqual({ caseNo: '20261121.00001', party: 'buyer-1' })
  })

  it('may be none', () => {
    expect([whoseToken('x'), whoseToken('1..abc'), whoseToken('1.buyer-1.short')]).toEqual([null, null, null])
  })
})

it('documents are those the city takes', () => {
  const rows = [{ side: 'buyer', kind: 'person', region: 'HK', id_types: ['hm_permit', 'passport'] }]
  expect(idTypesOf({ profile: { people: { id_types: { rows } } } }, 'HK')).toEqual(['hm_permit', 'passport'])
})

describe('the settlement', () => {
  it('may be left out', () => {
    expect([settlementFaults(EMPTY), settlementInput(EMPTY)]).toEqual([{}, null])
  })

  it('is of amounts and days', () => {
    expect(settlementFaults({ ...EMPTY, price: '1,000', within_days: '0' })).toEqual({ price: 'amount', within_days: 'days' })
    expect(settlementFaults({ ...EMPTY, paid: '10', refund: '10.01' })).toEqual({ refund: 'tooMuch' })
  })

  it('is sent as the act takes it', () => {
    expect(settlementInput({ ...EMPTY, price: '1860000', within_days: '30', loan: ' 无 ' })).toEqual({ price: '1860000.00', within_days: 30, loan: '无' })
  })
})
