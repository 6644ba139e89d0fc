/** A page that knows better what it is called than its route. */

import { onScopeDispose, ref, watchEffect } from 'vue'

export const pageTitle = ref<string | null>(null)

export function useTitle(title: () => string | null): void {
  const stop = watchEffect(() => (pageTitle.value = title()))
  onScopeDispose(() => {
    stop()
    pageTitle.value = null
  })
}
