/** Where one is among the pages: going elsewhere, and being there again when the telephone was turned. */

import { onBeforeUnmount, onMounted, type Ref } from 'vue'
import type { Place } from './pictures'

export function usePlace(frame: Ref<HTMLElement | null>, current: Ref<number>, turned: () => void) {
  /** What is in the middle of the frame: a page, and how far down it. */
  let middle: Place = { page: 1, top: 0 }
  let width = 0
  let watching: ResizeObserver | null = null

  function leafOf(page: number): HTMLElement | null {
    return frame.value?.querySelector<HTMLElement>(`.leaf[data-number="${page}"]`) ?? null
  }

  function scrolled(): void {
    const [box, leaf] = [frame.value, leafOf(current.value)]
    if (!box || !leaf || box.clientWidth !== width) return
    middle = { page: current.value, top: (box.scrollTop + box.clientHeight / 2 - leaf.offsetTop) / Math.max(1, leaf.clientHeight) }
  }

  function resized(): void {
    const box = frame.value
    if (!box || box.clientWidth === width) return
    const [isFirst, leaf] = [width === 0, leafOf(middle.page)]
    width = box.clientWidth
    if (!isFirst && leaf) box.scrollTop = leaf.offsetTop + middle.top * leaf.clientHeight - box.clientHeight / 2
    turned()
  }

  function goTo(place: Place): void {
    const leaf = leafOf(place.page)
    if (frame.value && leaf) frame.value.scrollTop = leaf.offsetTop + place.top * leaf.clientHeight - frame.value.clientHeight * (place.top ? 0.4 : 0.02)
  }

  onMounted(() => {
    watching = new ResizeObserver(resized)
    if (frame.value) watching.observe(frame.value)
  })
  onBeforeUnmount(() => watching?.disconnect())

  return { scrolled, goTo }
}
