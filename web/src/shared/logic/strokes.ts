/** What a person writes on the pad, in the form of `docs/schemas/strokes.schema.json`. */

export type Point = [x: number, y: number, t: number, pressure?: number]

export interface Strokes {
  version: 1
  canvas: { width: number; height: number }
  strokes: Point[][]
}

export const MOST_POINTS = 12_000
export const MOST_STROKES = 300
export const LONGEST_MS = 600_000

/**
 * Collects points while somebody writes. Time is counted from the first point; a pause longer than the schema allows
 * is shortened, since the strokes are evidence of the movement and not of the pause.
 */
export class Writing {
  private strokes: Point[][] = []
  private current: Point[] | null = null
  private began: number | null = null
  private count = 0

  constructor(
    private width: number,
    private height: number,
  ) {}

  /** Pen down. `pressure` 0 is "does not measure". */
  down(x: number, y: number, at: number, pressure: number): void {
    if (this.strokes.length >= MOST_STROKES || this.count >= MOST_POINTS) return
    this.current = []
    this.strokes.push(this.current)
    this.add(x, y, at, pressure)
  }

  /** Pen moved while down. */
  add(x: number, y: number, at: number, pressure: number): void {
    if (!this.current || this.count >= MOST_POINTS) return
    this.began ??= at
    const t = Math.min(Math.max(at - this.began, this.last()), LONGEST_MS)
    const point: Point = [rounded(x, 100), rounded(y, 100), rounded(t, 10)]
    const before = this.current.at(-1)
    // Just a half is what a device says that measures nothing, unless it has measured already.
    if (pressure > 0 && pressure <= 1 && (pressure !== 0.5 || before?.[3] !== undefined)) point.push(rounded(pressure, 1000))
    if (before && before[0] === point[0] && before[1] === point[1]) return
    this.current.push(point)
    this.count += 1
  }

  /** Pen up. */
  up(): void {
    this.current = null
  }

  /** What was being written was none: a palm. */
  takeBack(): void {
    if (this.current) this.undo()
  }

  /** Takes the last stroke back. */
  undo(): void {
    const gone = this.strokes.pop()
    this.count -= gone?.length ?? 0
    this.current = null
    if (!this.strokes.length) this.began = null
  }

  clear(): void {
    this.strokes = []
    this.current = null
    this.began = null
    this.count = 0
  }

  get isEmpty(): boolean {
    return this.strokes.length === 0
  }

  get all(): readonly Point[][] {
    return this.strokes
  }

  /** The other way round, or another size: what was written moves along. */
  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return
    const scale = Math.min(width / this.width, height / this.height)
    for (const stroke of this.strokes) {
      for (const point of stroke) {
        point[0] = rounded(point[0] * scale, 100)
        point[1] = rounded(point[1] * scale, 100)
      }
    }
    this.width = width
    this.height = height
  }

  /** How many of `boxes` equal boxes side by side have ink in them. */
  boxesWritten(boxes: number): boolean[] {
    const written = Array.from({ length: boxes }, () => false)
    for (const stroke of this.strokes) {
      for (const [x] of stroke) {
        const box = Math.floor((x / this.width) * boxes)
        if (box >= 0 && box < boxes) written[box] = true
      }
    }
    return written
  }

  toDocument(): Strokes {
    const strokes = this.strokes.filter((stroke) => stroke.length > 0).map((stroke) => stroke.map((p) => [...p] as Point))
    return { version: 1, canvas: { width: this.width, height: this.height }, strokes }
  }

  private last(): number {
    for (let index = this.strokes.length - 1; index >= 0; index -= 1) {
      const point = this.strokes[index]?.at(-1)
      if (point) return point[2]
    }
    return 0
  }
}

function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps
}
