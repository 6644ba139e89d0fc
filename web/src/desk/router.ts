/** Every page of desks, all below `/desk`. */

import { createRouter, createWebHistory } from 'vue-router'
import { i18n } from '@/shared/i18n'
import { load, loginUrl } from '@/shared/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title. */
    title?: string
    /** Roles of staff that see it in the menu. */
    roles?: string[]
  }
}

export const router = createRouter({
  history: createWebHistory('/desk'),
  routes: [
    { path: '/', component: () => import('./pages/QueuePage.vue'), meta: { title: 'desk.queue', roles: ['reviewer', 'sealing_officer', 'window_clerk', 'auditor'] } },
    { path: '/:rest(.*)*', component: () => import('./pages/NotFoundPage.vue'), meta: { title: 'problem.notFound' } },
  ],
})

router.beforeEach(async () => {
  try {
    if (await load()) return true
  } catch {
    return true
  }
  location.assign(loginUrl())
  return false
})

router.afterEach((to) => {
  const { t } = i18n.global
  document.title = `${t(to.meta.title ?? 'desk.title')} · ${t('app.name')}`
})
