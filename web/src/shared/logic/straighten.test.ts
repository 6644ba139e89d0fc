import { describe, expect, it } from 'vitest'
import { type Corners, firstCorners, flatSize, flattened, isConvex, type Pixels, squareTo } from './straighten'

function pixels(width: number, height: number, colour: (x: number, y: number) => number = () => 0): Pixels {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) data.set([colour(x, y), colour(x, y), colour(x, y), 255], (y * width + x) * 4)
  return { width, height, data }
}

function placed(map: number[], u: number, v: number): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = map
  const depth = g * u + h * v + 1
  return [(a * u + b * v + c) / depth, (d * u + e * v + f) / depth].map((each) => Math.round(each * 1000) / 1000)
}

const SKEW: Corners = [
  [10, 20],
  [110, 5],
  [130, 90],
  [0, 70],
]

describe('a card seen from aside', () => {
  it('has its corners where they were put', () => {
    const map = squareTo(SKEW)
    expect([placed(map, 0, 0), placed(map, 1, 0), placed(map, 1, 1), placed(map, 0, 1)]).toEqual(SKEW)
  })

  it('keeps straight lines straight: the diagonals cross where they are seen to', () => {
    const [x = 0, y = 0] = placed(squareTo(SKEW), 0.5, 0.5)
    const along = (one: number[], two: number[]) =>
      ((two[0] ?? 0) - (one[0] ?? 0)) * (y - (one[1] ?? 0)) - ((two[1] ?? 0) - (one[1] ?? 0)) * (x - (one[0] ?? 0))
    expect(Math.abs(along(SKEW[0], SKEW[2]))).toBeLessThan(0.5)
    expect(Math.abs(along(SKEW[1], SKEW[3]))).toBeLessThan(0.5)
  })

  it('is as large as its longer edges', () => {
    expect(flatSize([[0, 0], [100, 0], [120, 60], [0, 50]])).toEqual({ width: 120, height: 63 })
  })

  it('is no card when corners are crossed or folded in', () => {
    expect(isConvex(firstCorners({ width: 100, height: 60 }))).toBe(true)
    expect(isConvex([SKEW[1], SKEW[0], SKEW[2], SKEW[3]])).toBe(false)
    expect(isConvex([[0, 0], [100, 0], [20, 10], [0, 60]])).toBe(false)
  })
})

describe('flattening', () => {
  it('of the whole picture changes nothing', () => {
    const source = pixels(8, 6, (x, y) => x * 20 + y)
    const into = pixels(8, 6)
    flattened(source, [[0, 0], [8, 0], [8, 6], [0, 6]], into)
    // The last row and column are mixed of what is there.
    expect([...into.data.slice(0, 28)]).toEqual([...source.data.slice(0, 28)])
  })

  it('takes what is within the corners', () => {
    const source = pixels(100, 100, (x, y) => (x >= 20 && x < 60 && y >= 30 && y < 70 ? 200 : 10))
    const into = pixels(40, 40)
    flattened(source, [[20, 30], [60, 30], [60, 70], [20, 70]], into)
    expect(new Set(into.data.filter((_, index) => index % 4 !== 3))).toEqual(new Set([200]))
  })

  it('turned corners turn the picture', () => {
    const source = pixels(10, 10, (x) => x * 10)
    const into = pixels(10, 10)
    flattened(source, [[0, 10], [0, 0], [10, 0], [10, 10]], into)
    expect(into.data[0]).toBe(0)
    expect(into.data[9 * 10 * 4]).toBeGreaterThan(80)
  })
})
