/**
 * On paper no page is empty. A browser prints what is there at that moment and waits for no picture: by the keys that
 * print, all are fetched first; by its menu, what is there, and the style leaves out the rest and says so.
 */

import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

/** `isWhole`: all pages are to be there. `isReady`: each came, or will not. */
export function usePrinting(isWhole: Ref<boolean>, isReady: () => boolean) {
  const isGathering = ref(false)

  function pressed(event: KeyboardEvent): void {
    if (event.key === 'Escape' && isGathering.value) over()
    if (event.key.toLowerCase() !== 'p' || !(event.ctrlKey || event.metaKey) || event.altKey || isReady()) return
    event.preventDefault()
    isGathering.value = true
    isWhole.value = true
  }

  function before(): void {
    isWhole.value = true
  }

  function over(): void {
    isGathering.value = false
    isWhole.value = false
  }

  watch(
    () => isGathering.value && isReady(),
    (now) => {
      if (!now) return
      isGathering.value = false
      window.print()
    },
    { flush: 'post' },
  )

  onMounted(() => {
    window.addEventListener('keydown', pressed)
    window.addEventListener('beforeprint', before)
    window.addEventListener('afterprint', over)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', pressed)
    window.removeEventListener('beforeprint', before)
    window.removeEventListener('afterprint', over)
  })

  return { isGathering }
}
