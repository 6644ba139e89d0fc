import { describe, expect, it } from 'vitest'
import { consequencesOf, type Way } from './cancelling'
import type { Case } from './profile'

function subject(more: Record<string, unknown> = {}): Case {
  return { papers: { qualification: { state: 'none' } }, signing: { tasks: [], side_codes: [], wet: null }, filing: {}, ...more } as unknown as Case
}

const ALONE: Way = { consent: 'none', channel: 'online' }
const TOGETHER: Way = { consent: 'other_side', channel: 'online' }

describe('what follows of a cancellation', () => {
  it('is little before anything was signed', () => {
    expect(consequencesOf(subject(), ALONE, 'net_sign', 'drafting')).toEqual({ when: ['at_once'], money: ['none_yet'], voids: ['draft', 'evidence'] })
  })

  it('names signatures that are lost, and money that is not paid back', () => {
    const signed = subject({ signing: { tasks: [{ signed_at: '2026-11-21T03:00:00Z' }], side_codes: [], wet: null } })
    const found = consequencesOf(signed, TOGETHER, 'net_sign', 'signing')
    expect(found).toEqual({ when: ['all_agreed'], money: ['own'], voids: ['contract', 'signatures', 'evidence'] })
  })

  it('gives a code that was used back, and leaves one that was not', () => {
    const of = (state: string) => subject({ papers: { qualification: { state } } })
    expect(consequencesOf(of('used'), TOGETHER, 'net_sign', 'filed').voids).toEqual(['contract', 'filing', 'code_back', 'evidence'])
    expect(consequencesOf(of('passed'), TOGETHER, 'net_sign', 'signed').voids).toContain('code_stays')
    expect(consequencesOf(of('passed'), { ...ALONE, first: 'buyer_voids_code' }, 'net_sign', 'text_ready').voids).not.toContain('code_stays')
  })

  it('leaves the contract where only the filing goes', () => {
    const way: Way = { consent: 'all_parties', channel: 'online', demands: { review: true } }
    const filed = subject({ filing: { supervision: { opened_at: '2026-11-21T03:00:00Z' } } })
    expect(consequencesOf(filed, way, 'filing', 'filed')).toEqual({ when: ['review'], money: ['own', 'supervised'], voids: ['filing_only'] })
  })

  it('waits for a window, or for a proof', () => {
    const window: Way = { consent: 'all_parties_in_person', channel: 'window', demands: { appointment: true } }
    expect(consequencesOf(subject(), window, 'net_sign', 'filed').when).toEqual(['appointment', 'window'])
    const alone: Way = { consent: 'unilateral', channel: 'online', demands: { proofs: ['captcha'] } }
    expect(consequencesOf(subject(), alone, 'net_sign', 'signed').when).toEqual(['proof'])
  })
})
