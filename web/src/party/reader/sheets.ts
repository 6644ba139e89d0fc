/** Where the sheets are in their frame, reckoned from their shapes: nothing is measured while one scrolls. Pure. */

import type { Place } from './pictures'

/** Around each sheet, CSS pixels. */
export const GAP = 8
/** Height of a sheet for a width of one, where nothing else is known: A4. */
export const A4 = 1123 / 794
export interface Sheets {
  width: number
  /** Of each sheet, from the top of the first one's gap. */
  tops: readonly number[]
  heights: readonly number[]
  /** Of all of them, with the gaps. */
  total: number
}

/** What the frame shows of them. */
export interface View {
  top: number
  bottom: number
}

/** One below the other; `shapes` are heights for a width of one. Whole pixels, so that no edge is blurred. */
export function laidOut(shapes: readonly number[], width: number): Sheets {
  const heights = shapes.map((shape) => Math.round(shape * Math.max(0, width)))
  let total = GAP
  const tops = heights.map((height) => {
    const top = total
    total += height + GAP
    return top
  })
  return { width: Math.max(0, width), tops, heights, total }
}

/** Number of the page at this height; the gap below a sheet belongs to it. */
export function pageAt(sheets: Sheets, y: number): number {
  let [first, last] = [0, sheets.tops.length - 1]
  while (first < last) {
    const middle = (first + last + 1) >> 1
    if (sheets.tops[middle]! <= y) first = middle
    else last = middle - 1
  }
  return first + 1
}

function pages(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

export function inView(sheets: Sheets, view: View): number[] {
  return pages(pageAt(sheets, view.top), pageAt(sheets, view.bottom))
}

/** In view, or within so many heights of the frame above and below. */
export function nearView(sheets: Sheets, { top, bottom }: View, ahead: number): number[] {
  const more = ahead * (bottom - top)
  return inView(sheets, { top: top - more, bottom: bottom + more })
}

/** Pages whose lower edge is in view. */
export function endsInView(sheets: Sheets, view: View): number[] {
  return inView(sheets, view).filter((page) => {
    const end = sheets.tops[page - 1]! + sheets.heights[page - 1]!
    // The pixels of screens and those of the style differ by parts of one.
    return end > view.top && end <= view.bottom + 4
  })
}

/** Which page, and how far down it. */
export function placeAt(sheets: Sheets, y: number): Place {
  const page = pageAt(sheets, y)
  return { page, top: (y - (sheets.tops[page - 1] ?? 0)) / Math.max(1, sheets.heights[page - 1] ?? 1) }
}

export function heightOf(sheets: Sheets, { page, top }: Place): number {
  return (sheets.tops[page - 1] ?? 0) + top * (sheets.heights[page - 1] ?? 0)
}
