/** Every page of parties. The first part of a path must also be in `DOCUMENTS` of `api/pages.py`. */

import { createRouter, createWebHistory } from 'vue-router'
import { load } from '@/shared/session'
import { askEarly } from './early'

/** Pages with words of their own: those come first. */
async function notaryWords(): Promise<boolean> {
  const { loadNotaryWords } = await import('./notary/words')
  await loadNotaryWords()
  return true
}

declare module 'vue-router' {
  interface RouteMeta {
    /** Key of the page's title. */
    title?: string
    /** Open to anybody, without a login. */
    open?: boolean
    /** Where "back" leads; else where one came from. */
    back?: string
  }
}

export const router = createRouter({
  history: createWebHistory(),
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  routes: [
    { path: '/', component: () => import('./pages/LandingPage.vue'), meta: { open: true, title: 'app.full' } },
    { path: '/matters', component: () => import('./pages/MattersPage.vue'), meta: { title: 'matters.title' } },
    { path: '/new', component: () => import('./pages/NewPage.vue'), meta: { title: 'new.title', back: '/matters' } },
    { path: '/new/import/:city', component: () => import('./pages/ImportPage.vue'), props: true, meta: { title: 'import.title', back: '/new' } },
    { path: '/join', component: () => import('./pages/JoinPage.vue'), meta: { title: 'join.title', back: '/matters' } },
    { path: '/me', component: () => import('./pages/MePage.vue'), meta: { title: 'me.title' } },
    { path: '/me/handlers', component: () => import('./pages/HandlersPage.vue'), meta: { title: 'handlers.title', back: '/me' } },
    { path: '/verify', component: () => import('./pages/VerifyPage.vue'), meta: { open: true, title: 'verify.title' } },
    { path: '/c/:code', name: 'filing', component: () => import('./pages/FilingPage.vue'), props: true, meta: { open: true, title: 'verify.code', back: '/verify' } },
    { path: '/verify/:code', redirect: (to) => ({ name: 'filing', params: to.params }) },
    { path: '/s/:token', component: () => import('./pages/LinkPage.vue'), props: true, meta: { open: true, title: 'link.title' } },
    { path: '/n/:token', component: () => import('./notary/CodePage.vue'), props: true, beforeEnter: notaryWords, meta: { open: true, title: 'notary.codeTitle' } },
    {
      path: '/cases/:caseNo',
      component: () => import('./pages/CaseFrame.vue'),
      props: true,
      children: [
        { path: '', component: () => import('./pages/CasePage.vue'), meta: { title: 'case.contract', back: '/matters' } },
        { path: 'notice/:name', component: () => import('./pages/NoticePage.vue'), props: true, meta: { title: 'acts.read-notice' } },
        { path: 'face/:purpose', component: () => import('./pages/FacePage.vue'), props: true, meta: { title: 'face.title' } },
        { path: 'house', component: () => import('./pages/HousePage.vue'), meta: { title: 'house.title' } },
        { path: 'clauses', component: () => import('./pages/ClausesPage.vue'), meta: { title: 'acts.save-clauses' } },
        { path: 'materials/:slot', component: () => import('./pages/MaterialPage.vue'), props: true, beforeEnter: notaryWords, meta: { title: 'acts.upload-material' } },
        { path: 'contract', component: () => import('./pages/ContractPage.vue'), meta: { title: 'reader.title' } },
        { path: 'sign/:party', component: () => import('./pages/SignPage.vue'), props: true, meta: { title: 'sign.title' } },
        { path: 'notary', component: () => import('./notary/NotaryPage.vue'), beforeEnter: notaryWords, meta: { title: 'notary.title' } },
        { path: 'notary/:party', component: () => import('./notary/ApplicantPage.vue'), props: true, beforeEnter: notaryWords, meta: { title: 'notary.title' } },
        { path: 'codes', component: () => import('./pages/CodesPage.vue'), meta: { title: 'enum.method.otp' } },
        { path: 'notarised/:paper', component: () => import('./notary/NotarisedPage.vue'), props: true, beforeEnter: notaryWords, meta: { title: 'notary.contract.title' } },
        { path: 'scan', component: () => import('./pages/ScanPage.vue'), meta: { title: 'enum.method.wet' } },
        { path: 'form/:name', component: () => import('./pages/FormPage.vue'), props: true, meta: { title: 'acts.save-form' } },
        { path: 'undertaking/:template', component: () => import('./pages/UndertakingPage.vue'), props: true, meta: { title: 'guide.undertaking' } },
        { path: 'supervision', component: () => import('./pages/SupervisionPage.vue'), meta: { title: 'guide.supervision' } },
        { path: 'qualification', component: () => import('./pages/QualificationPage.vue'), meta: { title: 'guide.qualification' } },
        { path: 'licences', component: () => import('./pages/LicencesPage.vue'), meta: { title: 'licences.title' } },
        { path: 'cancel', component: () => import('./pages/CancelPage.vue'), meta: { title: 'cancel.title' } },
        { path: 'amend', component: () => import('./pages/AmendPage.vue'), meta: { title: 'amend.title' } },
        { path: 'represent', component: () => import('./pages/RepresentPage.vue'), beforeEnter: notaryWords, meta: { title: 'represent.title' } },
        { path: 'do/:act', component: () => import('./pages/ActPage.vue'), props: true, meta: { title: 'act.title' } },
      ],
    },
    { path: '/:rest(.*)*', component: () => import('./pages/NotFoundPage.vue'), meta: { open: true, title: 'problem.notFound' } },
  ],
})

router.beforeEach(async (to, from) => {
  if (!from.matched.length) askEarly(to)
  if (to.meta.open) return true
  try {
    // Whoever is not logged in goes to the start, which knows where they wanted to go.
    return (await load()) ? true : { path: '/', query: { to: to.fullPath } }
  } catch {
    // No connection: the page says so itself.
    return true
  }
})
