/**
 * What a page is called, told to everybody: the document's title in the language spoken, and, once a page was gone to,
 * its heading in focus, so that the keyboard goes on there and a reader of screens says where one is (WCAG 2.4.2, 2.4.3).
 */

import { nextTick, useTemplateRef, watchEffect } from 'vue'
import type { Router } from 'vue-router'

/** The frame that calls it has an element `ref="heading"` with `tabindex="-1"`. */
export function useHeading(router: Router, title: () => string): void {
  const heading = useTemplateRef<HTMLElement>('heading')
  watchEffect(() => (document.title = title()))
  router.afterEach(async (to, from, failure) => {
    // The first page is read by itself; within a page the focus is the page's own.
    if (failure || !from.matched.length || to.path === from.path) return
    await nextTick()
    heading.value?.focus({ preventScroll: true })
  })
}
