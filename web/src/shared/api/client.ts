/** Asking the service: typed by its own document, told apart by language, guarded by the session's token. */

import createClient from 'openapi-fetch'
import { ref } from 'vue'
import type { components, paths } from '@/.generated/schema'
import { language } from '@/shared/i18n/language'
import { offline, Problem, problemOf } from './problem'
import { sendWatched } from './sending'

export type Schemas = components['schemas']

/** `X-CSRF-Token` of the session, once known. */
export const csrfToken = ref('')

/** When the service was last asked for something: a session ends when it is not used. */
export const lastAsked = ref(0)

/** Whether the last request got no answer. */
export const isOffline = ref(false)

/** Called with every 401, whoever asked. */
export const whenLoggedOut: { tell: (() => void) | null } = { tell: null }

async function asked(request: Request, carry: (request: Request) => Promise<Response> = fetch): Promise<Response> {
  request.headers.set('accept-language', language.value === 'zh' ? 'zh-CN' : 'en')
  if (request.method !== 'GET') request.headers.set('x-csrf-token', csrfToken.value)
  let response: Response
  try {
    response = await carry(request)
  } catch (cause) {
    if (request.signal.aborted) throw cause
    isOffline.value = true
    throw offline()
  }
  isOffline.value = false
  lastAsked.value = Date.now()
  if (!response.ok && response.status !== 304) {
    const problem = await problemOf(response)
    if (problem.isLoggedOut) whenLoggedOut.tell?.()
    throw problem
  }
  return response
}

const base = typeof location === 'undefined' ? 'http://localhost' : location.origin

/** Typed reads and small writes: `await api.GET('/v1/cases', …)`; throws `Problem`. */
export const api = createClient<paths>({ baseUrl: base, fetch: (request: Request) => asked(request) })

/** The body of an answer of `api`: `got(await api.GET(…))`. */
export function got<T>(answer: { data?: T }): T {
  if (answer.data === undefined) throw new Problem(0, 'page.broken', '页面出错', 'an answer without a body')
  return answer.data
}

/** A file, e.g. a page of the contract. */
export async function fetchBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await asked(new Request(new URL(path, base), signal ? { signal } : {}))
  return response.blob()
}

export interface Acted {
  case: Schemas['CaseView']
  answer: Record<string, unknown>
}

/**
 * Does an act. The key that makes it harmless to send twice is kept until an answer came: whoever sends the same again
 * after the network broke gets the answer to what they had sent.
 */
export async function act(path: string, input: unknown, file?: File, progress?: Progress): Promise<Acted> {
  const kept = keptKey(path, input, file)
  const headers: Record<string, string> = { 'idempotency-key': kept.key }
  let body: BodyInit = JSON.stringify(input ?? {})
  if (file) {
    const form = new FormData()
    form.set('input', body)
    form.set('file', file)
    body = form
  } else {
    headers['content-type'] = 'application/json'
  }
  try {
    const request = { method: 'POST', headers }
    const response = progress
      ? await asked(new Request(new URL(path, base), request), (made) => sendWatched(made, body as FormData, progress))
      : await asked(new Request(new URL(path, base), { ...request, body }))
    forget(kept.name)
    return (await response.json()) as Acted
  } catch (error) {
    if (error instanceof Problem && !error.mayRetry) forget(kept.name)
    throw error
  }
}

/** Told how much of a file is on its way, 0 to 1. */
export type Progress = (share: number) => void

/** Act on a case. */
export function actOn(caseNo: string, name: string, input: unknown = {}, file?: File, progress?: Progress): Promise<Acted> {
  return act(`/v1/cases/${encodeURIComponent(caseNo)}/${name}`, input, file, progress)
}

function keptKey(path: string, input: unknown, file?: File): { name: string; key: string } {
  const said = `${path}\n${JSON.stringify(input)}\n${file ? `${file.name}:${file.size}:${file.lastModified}` : ''}`
  const name = `key:${digest(said)}`
  try {
    const kept = sessionStorage.getItem(name) ?? newKey()
    sessionStorage.setItem(name, kept)
    return { name, key: kept }
  } catch {
    return { name, key: newKey() }
  }
}

function forget(name: string): void {
  try {
    sessionStorage.removeItem(name)
  } catch {
    // Nothing was kept.
  }
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map((each) => each.toString(16).padStart(2, '0')).join('')
}

/** FNV-1a, twice: names a request on this device, proves nothing. */
function digest(text: string): string {
  let [one, other] = [0x811c9dc5, 0x01000193]
  for (let index = 0; index < text.length; index += 1) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01000193)
    other = Math.imul(other ^ text.charCodeAt(text.length - 1 - index), 0x01000193)
  }
  return `${(one >>> 0).toString(16)}${(other >>> 0).toString(16)}${text.length}`
}

/** A form that changes nothing of a case, e.g. a file to be verified. */
export async function sendForm<T>(path: string, form: FormData, signal?: AbortSignal): Promise<T> {
  const response = await asked(new Request(new URL(path, base), { method: 'POST', body: form, ...(signal ? { signal } : {}) }))
  return (await response.json()) as T
}

/** The same, where a picture comes back. */
export async function askForPicture(path: string, form: FormData): Promise<Blob> {
  return (await asked(new Request(new URL(path, base), { method: 'POST', body: form }))).blob()
}
