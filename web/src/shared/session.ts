/** Who is logged in, and until when. */

import { computed, ref } from 'vue'
import { api, csrfToken, got, lastAsked, type Schemas, whenLoggedOut } from './api/client'
import { Problem } from './api/problem'
import { dropDraftsOf } from './logic/drafts'
import { dropRecordings } from './uploads/kept'

export type Me = Schemas['MeView']

/** The service ends a session that is not used for half an hour. */
const IDLE_MS = 30 * 60 * 1000
const WARN_MS = 3 * 60 * 1000

const me = ref<Me | null>(null)
const isKnown = ref(false)
const now = ref(Date.now())
/** The session ended while pages of it were open. */
const hasEnded = ref(false)
let asking: Promise<Me | null> | null = null

whenLoggedOut.tell = () => {
  hasEnded.value = me.value !== null
  me.value = null
  isKnown.value = true
}

if (typeof window !== 'undefined') window.setInterval(() => (now.value = Date.now()), 15_000)

/** Milliseconds until the session ends for want of use, or in any case. */
const endsIn = computed(() => {
  if (!me.value) return Infinity
  return Math.min(lastAsked.value + IDLE_MS, Date.parse(me.value.session_ends_at)) - now.value
})
const endsSoon = computed(() => endsIn.value < WARN_MS && endsIn.value > 0)

async function ask(): Promise<Me | null> {
  try {
    take(got(await api.GET('/v1/me')))
  } catch (error) {
    if (!(error instanceof Problem) || !error.isLoggedOut) throw error
    me.value = null
  } finally {
    asking = null
  }
  isKnown.value = true
  return me.value
}

function take(found: Me): void {
  me.value = found
  csrfToken.value = found.csrf_token
  hasEnded.value = false
  isKnown.value = true
}

export function useSession() {
  return { me, isKnown, hasEnded, endsSoon, load, choose, logout, loginUrl, take }
}

/** Who is logged in; asked for once. */
export function load(again = false): Promise<Me | null> {
  if (isKnown.value && !again) return Promise.resolve(me.value)
  asking ??= ask()
  return asking
}

/** Where the browser goes to log in, and back to the page it is on. */
export function loginUrl(back = location.pathname + location.search): string {
  return `/v1/login?return_to=${encodeURIComponent(back)}`
}

/** One's own card, or an organisation's. */
export async function choose(card: Schemas['CardInput']): Promise<void> {
  take(got(await api.PUT('/v1/me/card', { body: card })))
}

/** Drafts and recordings go too: the next person at this device must not see them. */
export async function logout(): Promise<void> {
  if (me.value) dropDraftsOf(me.value.account_id)
  await dropRecordings()
  await api.POST('/v1/logout')
  me.value = null
  csrfToken.value = ''
}
