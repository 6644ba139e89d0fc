import { describe, expect, it } from 'vitest'
import { withoutNotes } from './metadata'

const ascii = (text: string) => [...text].map((each) => each.charCodeAt(0))
const segment = (marker: number, body: number[]) => [0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255, ...body]
const PROFILE = segment(0xe2, ascii('ICC_PROFILE'))
const PICTURE = [...segment(0xdb, [1, 2, 3]), 0xff, 0xda, 9, 9, 0xff, 0xe1, 9, 0xff, 0xd9]

function exif(orientation: number, isLittle: boolean): number[] {
  const two = (value: number) => (isLittle ? [value & 255, value >> 8] : [value >> 8, value & 255])
  const four = (value: number) => (isLittle ? [...two(value), 0, 0] : [0, 0, ...two(value)])
  return segment(0xe1, [...ascii('Exif'), 0, 0, ...ascii(isLittle ? 'II' : 'MM'), ...two(42), ...four(8), ...two(1), ...two(0x0112), ...two(3), ...four(1), ...two(orientation), 0, 0, ...ascii('GPS 22.5N')])
}

const jpegOf = (...segments: number[][]) => new Uint8Array([0xff, 0xd8, ...segments.flat(), ...PICTURE])

describe('a photo', () => {
  it.each([true, false])('loses where it was taken, not its colours, and tells how it lies (little end first: %s)', (isLittle) => {
    const found = withoutNotes(jpegOf(exif(6, isLittle), PROFILE, segment(0xed, [1]), segment(0xfe, ascii('mine'))))
    expect(found).toEqual({ bytes: jpegOf(PROFILE), orientation: 6 })
  })

  it('without notes stays as it is', () => expect(withoutNotes(jpegOf(PROFILE))).toEqual({ bytes: jpegOf(PROFILE), orientation: 1 }))
  it('that is broken is left alone', () => expect(withoutNotes(new Uint8Array([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff, 1]))).toBeNull())
  it('of another kind is left alone', () => expect(withoutNotes(new Uint8Array(ascii('%PDF-1.7')))).toBeNull())

  it('as PNG loses its texts', () => {
    const chunk = (kind: string, body: number[]) => [0, 0, 0, body.length, ...ascii(kind), ...body, 0, 0, 0, 0]
    const head = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    const bare = [...head, ...chunk('IHDR', [1]), ...chunk('IDAT', [2]), ...chunk('IEND', [])]
    const noted = [...head, ...chunk('IHDR', [1]), ...chunk('eXIf', [7]), ...chunk('tEXt', [8]), ...chunk('IDAT', [2]), ...chunk('IEND', [])]
    expect(withoutNotes(new Uint8Array(noted))?.bytes).toEqual(new Uint8Array(bare))
  })
})
