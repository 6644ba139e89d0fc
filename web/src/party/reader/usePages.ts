/** Which pages are near enough to be shown, how sharp, and which came; what is far is let go. */

import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref } from 'vue'
import { pictureWidth, WIDTHS } from './pictures'

const PAUSE_MS = 60

/** Sheets are the elements `.leaf` in the frame, each with its `data-number` and, as its last child, `.leaf-end`. */
export function usePages(frame: Ref<HTMLElement | null>, zoom: Ref<number>, read: (page: number) => void) {
  const near = shallowRef<ReadonlySet<number>>(new Set([1, 2]))
  const broken = shallowRef<ReadonlySet<number>>(new Set())
  const inView = shallowRef<ReadonlySet<number>>(new Set())
  const current = ref(1)
  /** Width of the picture where a page is in view. */
  const sharp = ref<number>(WIDTHS[0])
  const loaded = new Set<number>()
  const atEnd = new Set<number>()
  const coming = new Map<number, boolean>()
  let observers: IntersectionObserver[] = []
  let [settling, sharpening] = [0, 0]

  function numberOf(entry: IntersectionObserverEntry): number {
    return Number((entry.target as HTMLElement).dataset.number)
  }

  function widthOf(page: number): number {
    return inView.value.has(page) ? sharp.value : WIDTHS[0]
  }

  /** What a flick rushes past is not asked for. */
  function nearing(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) coming.set(numberOf(entry), entry.isIntersecting)
    settling ||= window.setTimeout(settle, PAUSE_MS)
  }

  function settle(): void {
    settling = 0
    const now = new Set(near.value)
    for (const [page, isNear] of coming) {
      if (isNear) now.add(page)
      else {
        now.delete(page)
        loaded.delete(page)
      }
    }
    coming.clear()
    near.value = now
  }

  function viewing(entries: IntersectionObserverEntry[]): void {
    const now = new Set(inView.value)
    for (const entry of entries) {
      if (entry.isIntersecting) now.add(numberOf(entry))
      else now.delete(numberOf(entry))
    }
    inView.value = now
  }

  function looking(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) if (entry.isIntersecting) current.value = numberOf(entry)
  }

  function ending(entries: IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      if (entry.isIntersecting) atEnd.add(numberOf(entry))
      else atEnd.delete(numberOf(entry))
      finish(numberOf(entry))
    }
  }

  /** The picture is there. */
  function came(page: number): void {
    loaded.add(page)
    finish(page)
  }

  /** Read: its picture was there when its end was. */
  function finish(page: number): void {
    if (loaded.has(page) && atEnd.has(page)) read(page)
  }

  function failed(page: number): void {
    broken.value = new Set(broken.value).add(page)
  }

  function again(page: number): void {
    broken.value = new Set([...broken.value].filter((each) => each !== page))
  }

  /** On paper there is nothing to scroll. */
  function nearAll(): void {
    near.value = new Set([...(frame.value?.querySelectorAll<HTMLElement>('.leaf') ?? [])].map((each) => Number(each.dataset.number)))
  }

  function sharpen(): void {
    const leaf = frame.value?.querySelector('.leaf')
    if (leaf) sharp.value = pictureWidth(leaf.clientWidth, window.devicePixelRatio || 1)
  }

  watch(zoom, () => {
    window.clearTimeout(sharpening)
    sharpening = window.setTimeout(sharpen, 200)
  })

  onMounted(() => {
    const root = frame.value
    const watching = (does: IntersectionObserverCallback, rootMargin: string, what: string) => {
      const observer = new IntersectionObserver(does, { root, rootMargin })
      for (const each of root?.querySelectorAll(what) ?? []) observer.observe(each)
      return observer
    }
    observers = [
      watching(nearing, '150% 0px', '.leaf'),
      watching(viewing, '0px', '.leaf'),
      watching(looking, '-45% 0px -45% 0px', '.leaf'),
      watching(ending, '0px 10000px 4px 10000px', '.leaf-end'),
    ]
    window.addEventListener('beforeprint', nearAll)
    sharpen()
  })

  onBeforeUnmount(() => {
    window.clearTimeout(settling)
    window.clearTimeout(sharpening)
    window.removeEventListener('beforeprint', nearAll)
    for (const each of observers) each.disconnect()
  })

  return { near, broken, current, widthOf, came, failed, again, sharpen }
}
