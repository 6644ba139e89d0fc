/** Which picture of a page is wide enough, and where to go next. Pure. */

/** Widths that the service draws, in pixels. */
export const WIDTHS = [1240, 1860, 2480] as const

/** The narrowest picture that is sharp where a page is so wide: CSS pixels, and pixels of the screen in one of them. */
export function pictureWidth(cssWidth: number, density: number): number {
  // A tenth too few is not seen; drawing and fetching twice as many is.
  const wanted = (cssWidth * density) / 1.1
  return WIDTHS.find((each) => each >= wanted) ?? WIDTHS[WIDTHS.length - 1]!
}

export interface Place {
  page: number
  top: number
}

/** The next place after where one is, or the first again. */
export function nextPlace<T extends Place>(places: readonly T[], at: Place): T | undefined {
  const sorted = [...places].sort((one, other) => one.page - other.page || one.top - other.top)
  return sorted.find((each) => each.page > at.page || (each.page === at.page && each.top > at.top)) ?? sorted[0]
}
