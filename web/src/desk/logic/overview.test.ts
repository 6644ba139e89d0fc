import { describe, expect, it } from 'vitest'
import { barsOf, STAGES, stageOf, STATES, topOf } from './overview'

const one = (day: string, state: 'drafting' | 'filed', cases: number) => ({ day, city: 'wuhan', state, cases })

describe('bars of cases begun', () => {
  it('has a bar for every day, those without any too, and puts cities together', () => {
    const bars = barsOf([one('2026-11-02', 'drafting', 2), one('2026-11-02', 'filed', 1), { ...one('2026-11-02', 'filed', 4), city: 'huangshi' }], '2026-11-01', '2026-11-03')
    expect(bars.map((bar) => [bar.day, bar.total])).toEqual([['2026-11-01', 0], ['2026-11-02', 7], ['2026-11-03', 0]])
    expect(bars[1]?.parts).toEqual({ entering: 2, filed: 5 })
  })

  it('draws long spans by the week and loses nothing', () => {
    const bars = barsOf([one('2025-12-31', 'filed', 1), one('2026-12-31', 'filed', 3)], '2025-12-31', '2026-12-31')
    expect(bars).toHaveLength(53)
    expect([bars[0]?.total, bars[52]?.total]).toEqual([1, 3])
  })

  it('leaves out what is outside the span', () => {
    expect(barsOf([one('2026-10-31', 'filed', 1)], '2026-11-01', '2026-11-01')).toEqual([{ day: '2026-11-01', parts: {}, total: 0 }])
  })

  it('knows a stage for every state', () => {
    expect(STATES.every((state) => STAGES.includes(stageOf(state)))).toBe(true)
  })

  it('ends its scale at a round number', () => {
    expect([0, 1, 3, 7, 10, 11, 101].map(topOf)).toEqual([1, 1, 5, 10, 10, 20, 200])
  })
})
