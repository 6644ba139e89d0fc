/** Names as they are written by hand. Pure. */

const DOTS = /[·•・‧∙⋅．]/u
/** Chinese characters: also those that a registry keeps in a private area for want of a code. */
const CHARACTER = /[\p{Script=Han}\uE000-\uF8FF\u{F0000}-\u{10FFFD}〇]/u
/** Says which shape of a character is meant; belongs to the one before it. */
const SELECTOR = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u

/** More would be too narrow to write in, on the longest telephone held across: then the whole name has one box. */
const MOST_BOXES = 10

/** Chinese names have a box for each character, the dot between parts of a name none; others are written in one box. */
export function boxesOf(name: string): string[] {
  const boxes: string[] = []
  for (const each of name.trim()) {
    if (SELECTOR.test(each) && boxes.length) boxes[boxes.length - 1] += each
    else if (CHARACTER.test(each)) boxes.push(each)
    else if (!DOTS.test(each) && each.trim()) return [name.trim()]
  }
  return boxes.length && boxes.length <= MOST_BOXES ? boxes : [name.trim()]
}
