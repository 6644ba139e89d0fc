/** Which pages are near enough to be there, how sharp, and which came; what is far is let go. */

import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref } from 'vue'
import { pictureWidth, WIDTHS } from './pictures'
import { endsInView, inView, nearView, pageAt, type Sheets, type View } from './sheets'

/** Between two looks while one scrolls. */
const PAUSE_MS = 80
/** Heights of the frame above and below, within which pages must be there; if one is not, those within the other are. */
const [MUST, MAY] = [1, 3]
/** As many are let go of at the next look. */
const MOST = 12
/** After zooming, until sharper pictures are asked for. */
const SHARPEN_MS = 200

/** `look`: what is shown now; `read`: a page was there to its end. */
export function usePages(frame: Ref<HTMLElement | null>, sheets: Ref<Sheets>, height: Ref<number>, look: () => View | null, read: (page: number) => void) {
  /** Pages that are there, in their order, and how wide their pictures are. */
  const near = shallowRef<ReadonlyMap<number, number>>(new Map([1, 2].map((page) => [page, WIDTHS[0]])))
  const broken = shallowRef<ReadonlySet<number>>(new Set())
  const current = ref(1)
  /** On paper there is nothing to scroll. */
  const isWhole = ref(false)
  /** How many pictures are there, told only then: while one reads, none that comes draws anything but itself. */
  const there = ref(0)
  const came = new Set<number>()
  /** Width of the pictures in view. */
  let sharp: number = WIDTHS[0]
  let atEnd: readonly number[] = []
  let [settling, sharpening] = [0, 0]

  /** Looked at some times a second, not at each frame: what a flick rushes past is not asked for. */
  function scrolled(): void {
    settling ||= window.setTimeout(settle, PAUSE_MS)
  }

  function settle(): void {
    window.clearTimeout(settling)
    settling = 0
    const view = look()
    if (!view) return
    current.value = pageAt(sheets.value, (view.top + view.bottom) / 2)
    keep(view)
    atEnd = endsInView(sheets.value, view)
    for (const page of atEnd) finish(page)
  }

  function keep(view: View): void {
    const seen = inView(sheets.value, view)
    const isEnough = seen.every((page) => near.value.get(page) === sharp) && nearView(sheets.value, view, MUST).every((page) => near.value.has(page))
    // Some at once: each change costs a look at all that are there.
    if (isEnough && !isWhole.value && near.value.size <= MOST) return
    const pages = isWhole.value ? sheets.value.tops.map((_, index) => index + 1) : nearView(sheets.value, view, MAY)
    // One that was sharp stays so until it is far: it may be looked at again.
    const widths = new Map(pages.map((page) => [page, seen.includes(page) ? sharp : Math.min(sharp, near.value.get(page) ?? WIDTHS[0])]))
    if (!areSame(widths, near.value)) letGo(widths)
  }

  function letGo(widths: ReadonlyMap<number, number>): void {
    // The keyboard goes on where what it was on is gone.
    const at = document.activeElement?.closest<HTMLElement>('[data-number]')
    if (at && frame.value?.contains(at) && !widths.has(Number(at.dataset.number))) frame.value.focus({ preventScroll: true })
    near.value = widths
    for (const page of came) if (!widths.has(page)) came.delete(page)
    if (broken.value.size) broken.value = new Set([...broken.value].filter((page) => widths.has(page)))
  }

  /** The picture is there. */
  function arrived(page: number, event: Event): void {
    came.add(page)
    ;(event.target as HTMLElement).closest('.leaf')?.setAttribute('data-came', '')
    if (isWhole.value) there.value = came.size
    finish(page)
  }

  /** Read: its picture was there when its end was. */
  function finish(page: number): void {
    if (came.has(page) && atEnd.includes(page)) read(page)
  }

  function failed(page: number): void {
    broken.value = new Set(broken.value).add(page)
  }

  function again(page: number): void {
    broken.value = new Set([...broken.value].filter((each) => each !== page))
    frame.value?.focus({ preventScroll: true })
  }

  function sharpen(): void {
    sharp = pictureWidth(sheets.value.width, window.devicePixelRatio || 1)
    settle()
  }

  watch(sheets, () => {
    window.clearTimeout(sharpening)
    sharpening = window.setTimeout(sharpen, SHARPEN_MS)
    scrolled()
  })
  watch(height, scrolled)
  watch(isWhole, () => {
    settle()
    there.value = came.size
  })

  onMounted(sharpen)
  onBeforeUnmount(() => {
    window.clearTimeout(settling)
    window.clearTimeout(sharpening)
  })

  return { near, there, broken, current, isWhole, scrolled, arrived, failed, again }
}

function areSame(some: ReadonlyMap<number, number>, others: ReadonlyMap<number, number>): boolean {
  return some.size === others.size && [...some].every(([page, width]) => others.get(page) === width)
}
