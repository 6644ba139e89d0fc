import { describe, expect, it } from 'vitest'
import { languageOf, lengthFault, mediaTypeOf } from './recording'

describe('a recorder', () => {
  it('is asked for what every browser plays, if it can', () => {
    expect(mediaTypeOf(() => true)).toContain('avc1')
    expect(mediaTypeOf((type) => type.startsWith('video/webm'))).toContain('vp9')
    expect(mediaTypeOf((type) => type === 'video/webm;codecs=vp8,opus')).toContain('vp8')
    expect(mediaTypeOf(() => false)).toBe(null)
  })

  it('made enough, and not too much', () => {
    expect([14.9, 15, 30, 30.1].map((each) => lengthFault(each, 15, 30))).toEqual(['short', null, null, 'long'])
  })
})

it('a sentence is spoken in its own language', () => {
  expect([languageOf('我是Jane，'), languageOf('I am 陈')]).toEqual(['zh-CN', 'en'])
})
