import { describe, expect, it } from 'vitest'
import type { City } from './profile'
import { actsOnline, guardiansPapers, type Party } from './representing'

const city = {
  profile: {
    people: {
      representation: [{ basis: 'agent_poa', matters: ['cancel_filing'] }, { basis: 'guardian' }],
      guardians: [
        { matter: 'cancel_filing', rule: { papers: [['cancel_form']] } },
        { matter: 'sign', rule: { papers: [['minor_guarantee'], ['household_register', 'birth_certificate']], single_guardian_papers: ['death_certificate'] } },
      ],
    },
  },
} as unknown as City

function ward(...lacks: string[]): Party {
  return { acts_through: ['guardian'], unrepresented: lacks.map((code) => ({ code, zh: '', en: '' })) } as unknown as Party
}

describe('papers of guardians', () => {
  it('are those of signing, and of a single guardian where both parents are asked for', () => {
    const usual = ['minor_guarantee', 'household_register', 'birth_certificate']
    expect(guardiansPapers(ward('guardian.paper_missing'), city, new Set())).toEqual(usual)
    expect(guardiansPapers(ward('guardian.both_parents'), city, new Set())).toEqual([...usual, 'death_certificate'])
    expect(guardiansPapers(ward(), city, new Set(['death_certificate']))).toEqual([...usual, 'death_certificate'])
  })

  it('are none of an organisation', () => {
    expect(guardiansPapers({ ...ward(), acts_through: ['legal_rep'] } as Party, city, new Set())).toEqual([])
  })
})

it('tells who may sign from who is only seen at the window', () => {
  expect(actsOnline(city, 'agent_poa')).toBe(false)
  expect(actsOnline(city, 'guardian')).toBe(true)
})
