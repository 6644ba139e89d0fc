/** The sheets in their frame as it is now: going elsewhere, and being there again when the telephone was turned. */

import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'
import type { Place } from './pictures'
import { GAP, heightOf, laidOut, placeAt, type View } from './sheets'

/** `shapes`: height of each sheet for a width of one. */
export function useSheets(frame: Ref<HTMLElement | null>, zoom: Ref<number>, shapes: Ref<readonly number[]>) {
  const width = ref(0)
  const height = ref(0)
  const sheets = computed(() => laidOut(shapes.value, (width.value * zoom.value) / 100 - 2 * GAP))
  /** What is in the middle of the frame. */
  let middle: Place = { page: 1, top: 0 }
  let watching: ResizeObserver | null = null

  function measure(): void {
    width.value = frame.value?.clientWidth ?? 0
    height.value = frame.value?.clientHeight ?? 0
  }

  /** What is shown now; nothing while the frame has another size than the sheets were laid out for. */
  function look(): View | null {
    const box = frame.value
    if (!box || !width.value || box.clientWidth !== width.value) return null
    const view = { top: box.scrollTop, bottom: box.scrollTop + height.value }
    middle = placeAt(sheets.value, (view.top + view.bottom) / 2)
    return view
  }

  function scrollTo(top: number): void {
    if (frame.value && Math.abs(frame.value.scrollTop - top) > 1) frame.value.scrollTop = top
  }

  function goTo(place: Place): void {
    scrollTo(heightOf(sheets.value, place) - height.value * (place.top ? 0.4 : 0.02))
  }

  // After the frame has its new contents: they may be higher than before.
  watch([width, shapes], () => scrollTo(heightOf(sheets.value, middle) - height.value / 2), { flush: 'post' })

  onMounted(() => {
    measure()
    watching = new ResizeObserver(measure)
    if (frame.value) watching.observe(frame.value)
  })
  onBeforeUnmount(() => watching?.disconnect())

  return { sheets, height, look, goTo }
}
