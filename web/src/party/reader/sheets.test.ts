import { describe, expect, it } from 'vitest'
import { endsInView, heightOf, inView, laidOut, nearView, pageAt, placeAt } from './sheets'

/** Three of a hundred wide: square, twice as high, half as high. */
const sheets = laidOut([1, 2, 0.5], 100)

describe('sheets one below the other', () => {
  it('have gaps around them', () => {
    expect(sheets.tops).toEqual([8, 116, 324])
    expect(sheets.heights).toEqual([100, 200, 50])
    expect(sheets.total).toBe(382)
  })
  it('have whole pixels', () => expect(laidOut([1123 / 794], 373.6).heights).toEqual([528]))
  it('are none where there is no contract', () => expect(laidOut([], 100).total).toBe(8))
})

describe('the page at a height', () => {
  it.each([
    [-50, 1],
    [8, 1],
    [110, 1],
    [116, 2],
    [323, 2],
    [324, 3],
    [9999, 3],
  ])('%s: page %s', (y, page) => expect(pageAt(sheets, y)).toBe(page))
})

describe('what is shown', () => {
  const even = laidOut(Array.from({ length: 200 }, () => 1), 92)

  it('is in view', () => expect(inView(even, { top: 1000, bottom: 1250 })).toEqual([10, 11, 12, 13]))
  it('is near, as far as asked for', () => expect(nearView(even, { top: 1000, bottom: 1250 }, 1)).toEqual([8, 9, 10, 11, 12, 13, 14, 15]))
  it('never more than there are', () => {
    expect(nearView(even, { top: 0, bottom: 100 }, 2)).toEqual([1, 2, 3])
    expect(nearView(even, { top: 19_950, bottom: 20_050 }, 2).at(-1)).toBe(200)
  })
  it('has been read where its lower edge shows', () => {
    expect(endsInView(sheets, { top: 0, bottom: 90 })).toEqual([])
    expect(endsInView(sheets, { top: 0, bottom: 104 })).toEqual([1])
    expect(endsInView(sheets, { top: 120, bottom: 382 })).toEqual([2, 3])
  })
})

describe('a place', () => {
  it('is found again', () => {
    const at = placeAt(sheets, 216)
    expect(at).toEqual({ page: 2, top: 0.5 })
    expect(heightOf(laidOut([1, 2, 0.5], 200), at)).toBe(416)
  })
})
