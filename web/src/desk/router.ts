/** Every page of desks, all below `/desk`. */

import { createRouter, createWebHistory } from 'vue-router'
import { load, loginUrl, type Me } from '@/shared/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title. */
    title?: string
    /** Roles of staff that see it in the menu. */
    roles?: string[]
    /** Whoever works for a notary office sees it. */
    isOfOffice?: boolean
    /** Which of the groups of the menu. */
    group?: 'work' | 'see' | 'manage'
  }
}

const EVERYBODY = ['reviewer', 'sealing_officer', 'window_clerk', 'registrar', 'auditor', 'operator', 'admin']

export const router = createRouter({
  history: createWebHistory('/desk'),
  routes: [
    { path: '/', component: () => import('./pages/HomePage.vue'), meta: { title: 'desk.home' } },
    { path: '/queue', component: () => import('./pages/QueuePage.vue'), meta: { title: 'desk.review', roles: ['reviewer', 'sealing_officer', 'auditor'], group: 'work' } },
    { path: '/window', component: () => import('./pages/WindowPage.vue'), meta: { title: 'desk.window', roles: ['window_clerk'], group: 'work' } },
    { path: '/registry', component: () => import('./pages/RegistryPage.vue'), meta: { title: 'desk.registry', roles: ['registrar'], group: 'work' } },
    { path: '/notary', component: () => import('./pages/NotaryPage.vue'), meta: { title: 'desk.notary', isOfOffice: true, group: 'work' } },
    { path: '/operations', component: () => import('./pages/OperationsPage.vue'), meta: { title: 'desk.operations', roles: ['operator'], group: 'see' } },
    { path: '/operations/deliveries', component: () => import('./pages/DeliveriesPage.vue'), meta: { title: 'desk.operations' } },
    { path: '/operations/outside', component: () => import('./pages/OutsidePage.vue'), meta: { title: 'desk.operations' } },
    { path: '/operations/renewals', component: () => import('./pages/RenewalsPage.vue'), meta: { title: 'desk.operations' } },
    { path: '/operations/archive', component: () => import('./pages/ArchivePage.vue'), meta: { title: 'desk.operations' } },
    { path: '/statistics', component: () => import('./pages/StatisticsPage.vue'), meta: { title: 'desk.statistics', roles: EVERYBODY, group: 'see' } },
    { path: '/staff', component: () => import('./pages/StaffPage.vue'), meta: { title: 'desk.staff', roles: ['admin', 'auditor'], group: 'manage' } },
    { path: '/offices', component: () => import('./pages/OfficesPage.vue'), meta: { title: 'desk.offices', roles: ['admin', 'auditor'], group: 'manage' } },
    { path: '/cases', component: () => import('./pages/CasesPage.vue'), meta: { title: 'desk.cases' } },
    { path: '/cases/:caseNo', component: () => import('./pages/DossierPage.vue'), props: true, meta: { title: 'desk.dossier' } },
    { path: '/notary/:caseNo', component: () => import('./pages/NotaryMatterPage.vue'), props: true, meta: { title: 'desk.matter' } },
    { path: '/:rest(.*)*', component: () => import('./pages/NotFoundPage.vue'), meta: { title: 'problem.notFound' } },
  ],
})

/** What somebody sees in the menu, in its order. */
export function menuOf(me: Me | null) {
  const held = new Set<string>((me?.roles ?? []).map((each) => each.role))
  return router
    .getRoutes()
    .filter((each) => each.meta.roles?.some((role) => held.has(role)) || (each.meta.isOfOffice && (me?.offices ?? []).length > 0))
}

router.beforeEach(async (to) => {
  try {
    const me = await load()
    if (me) return to.path === '/' ? (menuOf(me)[0]?.path ?? true) : true
  } catch {
    return true
  }
  location.assign(loginUrl())
  return false
})
