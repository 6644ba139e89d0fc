/** Whether there is room for a desk: a screen on which nobody writes with a finger. Follows the window. */

import { onBeforeUnmount, ref, type Ref } from 'vue'

export const WIDE = '(min-width: 900px)'

export function useWide(): Ref<boolean> {
  const found = typeof matchMedia === 'undefined' ? null : matchMedia(WIDE)
  const isWide = ref(found?.matches ?? false)
  const follow = (event: MediaQueryListEvent) => (isWide.value = event.matches)
  found?.addEventListener('change', follow)
  onBeforeUnmount(() => found?.removeEventListener('change', follow))
  return isWide
}
