import { describe, expect, it } from 'vitest'
import { clock, loadHeard, nextUnheard, sentenceAt } from './heard'

describe('sentences heard', () => {
  it('begin unmarked', () => {
    expect(loadHeard('ab', 2)).toEqual([null, null])
  })

  it('are marked one after the other', () => {
    expect([[null, null], [2, null], [null, 3], [2, 3]].map(nextUnheard)).toEqual([0, 1, 0, -1])
  })

  it('are found again while it plays', () => {
    const heard = [1, 4.5, null, 9]
    expect([0.5, 1, 4.4, 4.5, 8, 20].map((each) => sentenceAt(heard, each))).toEqual([-1, 0, 0, 1, 1, 3])
  })

  it('have a time that is read at a glance', () => {
    expect([0, 7.9, 67, 600].map(clock)).toEqual(['0:00', '0:07', '1:07', '10:00'])
  })
})
