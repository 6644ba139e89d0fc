/**
 * Zooming of what scrolls in a frame: by buttons, two fingers, a double tap or click, a wheel with Ctrl, and the keys
 * + − 0. What is under the fingers stays there.
 */

import { nextTick, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

export const LEAST = 60
export const MOST = 400
/** Where a double tap goes, and comes back from. */
const NEAR = 220

const TAP_MS = 300
const TAP_PIXELS = 24

interface Spot {
  x: number
  y: number
}

/** `sheet`: selector of the pages in the frame; the one under the fingers keeps its place. */
export function useZoom(frame: Ref<HTMLElement | null>, sheet: string, least = LEAST) {
  /** Per cent of the frame's width. */
  const zoom = ref(100)
  let pinch: { apart: number; zoom: number; at: Spot } | null = null
  let tap: (Spot & { when: number }) | null = null
  let finger: Spot | null = null

  function clamped(value: number): number {
    return Math.round(Math.min(MOST, Math.max(least, value)))
  }

  function middle(): Spot {
    const box = frame.value?.getBoundingClientRect()
    return box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : { x: 0, y: 0 }
  }

  function sheetAt(spot: Spot): Element | null {
    for (const element of document.elementsFromPoint(spot.x, spot.y)) {
      const found = element.closest(sheet)
      if (found && frame.value?.contains(found)) return found
    }
    return frame.value?.querySelector(sheet) ?? null
  }

  /** `from` moves to `to` while it grows: fingers move too. */
  async function zoomTo(value: number, from: Spot = middle(), to: Spot = from): Promise<void> {
    const held = sheetAt(from)
    const before = held?.getBoundingClientRect()
    zoom.value = clamped(value)
    await nextTick()
    const after = held?.getBoundingClientRect()
    if (!frame.value || !before?.width || !before.height || !after) return
    const [across, down] = [(from.x - before.left) / before.width, (from.y - before.top) / before.height]
    frame.value.scrollLeft += after.left + across * after.width - to.x
    frame.value.scrollTop += after.top + down * after.height - to.y
  }

  function step(by: number): void {
    void zoomTo(zoom.value + by)
  }

  function fit(): void {
    void zoomTo(100)
  }

  function twice(at: Spot): void {
    void zoomTo(zoom.value > 150 ? 100 : NEAR, at)
  }

  function spotOf(touches: TouchList): Spot & { apart: number } {
    const [one, other] = [touches[0], touches[1] ?? touches[0]]
    if (!one || !other) return { x: 0, y: 0, apart: 1 }
    return {
      x: (one.clientX + other.clientX) / 2,
      y: (one.clientY + other.clientY) / 2,
      apart: Math.max(1, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)),
    }
  }

  function touched(event: TouchEvent): void {
    const spot = spotOf(event.touches)
    finger = event.touches.length === 1 ? spot : null
    pinch = event.touches.length === 2 ? { apart: spot.apart, zoom: zoom.value, at: spot } : null
    if (pinch) tap = null
  }

  function moved(event: TouchEvent): void {
    if (!pinch || event.touches.length !== 2) return
    event.preventDefault()
    const spot = spotOf(event.touches)
    void zoomTo((pinch.zoom * spot.apart) / pinch.apart, pinch.at, spot)
    pinch.at = spot
  }

  function lifted(event: TouchEvent): void {
    if (event.touches.length < 2) pinch = null
    const last = event.changedTouches[0]
    if (!finger || !last || event.touches.length) return
    const spot = { x: last.clientX, y: last.clientY, when: event.timeStamp }
    const near = (to: Spot) => Math.hypot(spot.x - to.x, spot.y - to.y) < TAP_PIXELS
    if (!near(finger)) tap = null
    else if (tap && near(tap) && spot.when - tap.when < TAP_MS) {
      tap = null
      event.preventDefault()
      twice(spot)
    } else tap = spot
  }

  function clicked(event: MouseEvent): void {
    // Two taps were seen as such already.
    if (!(event.target as Element).closest('button, a') && !matchMedia('(pointer: coarse)').matches) twice({ x: event.clientX, y: event.clientY })
  }

  function wheeled(event: WheelEvent): void {
    if (!event.ctrlKey) return
    event.preventDefault()
    void zoomTo(zoom.value * Math.exp(-event.deltaY / 200), { x: event.clientX, y: event.clientY })
  }

  function key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') step(20)
    else if (event.key === '-') step(-20)
    else if (event.key === '0') fit()
    else return
    event.preventDefault()
  }

  /** Safari zooms the whole page by gestures of its own. */
  function gestured(event: Event): void {
    event.preventDefault()
  }

  const listeners: [string, (event: never) => void, AddEventListenerOptions?][] = [
    ['touchstart', touched, { passive: true }],
    ['touchmove', moved, { passive: false }],
    ['touchend', lifted, { passive: false }],
    ['touchcancel', lifted, { passive: false }],
    ['dblclick', clicked],
    ['wheel', wheeled, { passive: false }],
    ['keydown', key],
    ['gesturestart', gestured],
  ]
  let on: HTMLElement | null = null

  /** Also a frame that comes later, or another in its place. */
  function listen(now: HTMLElement | null): void {
    for (const [name, does] of listeners) on?.removeEventListener(name, does as EventListener)
    on = now
    for (const [name, does, how] of listeners) on?.addEventListener(name, does as EventListener, how)
  }

  watch(frame, listen, { flush: 'post' })
  onMounted(() => listen(frame.value))
  onBeforeUnmount(() => listen(null))

  return { zoom, step, fit, zoomTo }
}
