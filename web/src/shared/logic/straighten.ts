/** A photo of a card or page made flat: four corners of a picture become the corners of a rectangle. Pure. */

export type Corner = [x: number, y: number]

/** Upper left, upper right, lower right, lower left, in pixels of the picture. */
export type Corners = [Corner, Corner, Corner, Corner]

export interface Size {
  width: number
  height: number
}

export interface Pixels extends Size {
  data: Uint8ClampedArray
}

/** Where the handles are at first: most cards fill most of the picture. */
export function firstCorners({ width, height }: Size, inset = 0.1): Corners {
  const [left, top, right, bottom] = [width * inset, height * inset, width * (1 - inset), height * (1 - inset)]
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}

/** How large the flat picture is: as large as its longer edges are seen, never larger. */
export function flatSize(corners: Corners): Size {
  const [one, two, three, four] = corners
  const width = Math.round(Math.max(distance(one, two), distance(four, three)))
  const height = Math.round(Math.max(distance(one, four), distance(two, three)))
  return { width: Math.max(1, width), height: Math.max(1, height) }
}

/** Whether they go round as they should: a shape that crosses itself or folds in is no rectangle seen from aside. */
export function isConvex(corners: Corners): boolean {
  return corners.every((corner, index) => {
    const after = corners[(index + 1) % 4] as Corner
    const last = corners[(index + 2) % 4] as Corner
    return (after[0] - corner[0]) * (last[1] - after[1]) - (after[1] - corner[1]) * (last[0] - after[0]) > 0
  })
}

/**
 * The projective map of the unit square to four corners, as [a b c d e f g h]:
 * x = (a u + b v + c) / (g u + h v + 1), y = (d u + e v + f) / (g u + h v + 1). P. Heckbert, 1989, § 2.2.3.
 */
export function squareTo(corners: Corners): number[] {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = corners
  const [dx1, dx2, sx] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3]
  const [dy1, dy2, sy] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3]
  const whole = dx1 * dy2 - dx2 * dy1
  const g = (sx * dy2 - dx2 * sy) / whole
  const h = (dx1 * sy - sx * dy1) / whole
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h]
}

/** The part of a picture within the corners, flat; between pixels it is mixed of the four around. */
export function flattened(source: Pixels, corners: Corners, into: Pixels): void {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = squareTo(corners)
  const { width, height, data } = into
  const [mostX, mostY] = [source.width - 1.001, source.height - 1.001]
  let at = 0
  for (let row = 0; row < height; row += 1) {
    const v = (row + 0.5) / height
    for (let column = 0; column < width; column += 1) {
      const u = (column + 0.5) / width
      const depth = g * u + h * v + 1
      const x = Math.min(mostX, Math.max(0, (a * u + b * v + c) / depth - 0.5))
      const y = Math.min(mostY, Math.max(0, (d * u + e * v + f) / depth - 0.5))
      at = mixed(source, x, y, data, at)
    }
  }
}

function mixed(source: Pixels, x: number, y: number, into: Uint8ClampedArray, at: number): number {
  const { data, width } = source
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [right, below] = [x - left, y - top]
  const first = (top * width + left) * 4
  const next = first + width * 4
  for (let channel = 0; channel < 3; channel += 1) {
    const upper = (data[first + channel] ?? 0) * (1 - right) + (data[first + 4 + channel] ?? 0) * right
    const lower = (data[next + channel] ?? 0) * (1 - right) + (data[next + 4 + channel] ?? 0) * right
    into[at + channel] = upper * (1 - below) + lower * below
  }
  into[at + 3] = 255
  return at + 4
}

function distance(one: Corner, other: Corner): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1])
}
