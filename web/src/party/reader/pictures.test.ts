import { describe, expect, it } from 'vitest'
import { nextPlace, pictureWidth } from './pictures'

describe('a picture of a page', () => {
  it.each([
    [345, 3, 1240],
    [345, 2, 1240],
    [680, 2, 1240],
    [720, 2, 1860],
    [1000, 2, 1860],
    [1200, 3, 2480],
  ])('%s pixels wide on a screen of %s: %s', (width, density, picture) => expect(pictureWidth(width, density)).toBe(picture))
})

describe('the next place', () => {
  const places = [
    { page: 9, top: 0.5 },
    { page: 9, top: 0.2 },
    { page: 3, top: 0.1 },
  ]

  it('is after where one is', () => {
    expect(nextPlace(places, { page: 1, top: 0 })).toEqual({ page: 3, top: 0.1 })
    expect(nextPlace(places, { page: 3, top: 0.1 })).toEqual({ page: 9, top: 0.2 })
    expect(nextPlace(places, { page: 9, top: 0.2 })).toEqual({ page: 9, top: 0.5 })
  })

  it('is the first again after the last', () => expect(nextPlace(places, { page: 9, top: 0.5 })).toEqual({ page: 3, top: 0.1 }))
  it('is nowhere where there is none', () => expect(nextPlace([], { page: 1, top: 0 })).toBeUndefined())
})
