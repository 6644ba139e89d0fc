/** What went wrong, as the service says it (RFC 9457), or as we say it where no answer came. */

import { nextByCode } from './nextSteps'

export interface Finding {
  code: string
  zh: string
  en: string
  facts?: Record<string, unknown>
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly zh: string,
    readonly en: string,
    readonly more: Record<string, unknown> = {},
  ) {
    super(`${code}: ${en}`)
  }

  get requestId(): string | null {
    return typeof this.more.request_id === 'string' ? this.more.request_id : null
  }

  get findings(): Finding[] {
    return Array.isArray(this.more.findings) ? (this.more.findings as Finding[]) : []
  }

  get retryAfterSeconds(): number | null {
    return typeof this.more.retry_after === 'number' ? this.more.retry_after : null
  }

  /** No answer came: it may or may not have been done. Asking again under the same key is safe. */
  get isOffline(): boolean {
    return this.code === 'net.offline'
  }

  /** The session ended; what was typed is kept on the device. */
  get isLoggedOut(): boolean {
    return this.status === 401
  }

  /** Whether to do the same again may help without changing anything. */
  get mayRetry(): boolean {
    return this.isOffline || this.status === 429 || this.status >= 500 || RETRY.has(this.code)
  }

  /** What is shown is not how things are any more. */
  get isStale(): boolean {
    return this.status === 409 || this.status === 412
  }

  /** What to do next: a key of the sentences under `problem.next`. */
  get next(): string {
    if (this.isOffline) return 'offline'
    if (this.isLoggedOut) return 'login'
    if (this.status === 429 || this.status === 503 || RETRY.has(this.code)) return 'later'
    const byCode = nextByCode(this.code)
    if (byCode) return byCode
    if (this.status === 412) return 'reload'
    if (this.status === 422 || this.status === 400 || this.status === 413) return 'correct'
    if (this.status === 404 || this.status === 410) return 'gone'
    return this.status >= 500 ? 'operator' : 'other'
  }
}

const RETRY = new Set(['case.busy', 'idempotency.in_progress'])

export function offline(): Problem {
  return new Problem(0, 'net.offline', '网络不通，暂时没有得到回应', 'no connection: no answer came')
}

/** From an answer that is not what was hoped for. */
export async function problemOf(response: Response): Promise<Problem> {
  let said: Record<string, unknown> = {}
  try {
    said = (await response.clone().json()) as Record<string, unknown>
  } catch {
    // A proxy's own page: nothing in it is for people.
  }
  const after = Number(response.headers.get('retry-after'))
  return new Problem(
    response.status,
    typeof said.code === 'string' ? said.code : `http.${response.status}`,
    typeof said.zh === 'string' ? said.zh : '服务没有正常应答',
    typeof said.en === 'string' ? said.en : 'the service did not answer as it should',
    { request_id: response.headers.get('x-request-id'), ...said, ...(after > 0 ? { retry_after: after } : {}) },
  )
}

/** Anything thrown, as a problem: our own mistakes too. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) return offline()
  return new Problem(0, 'page.broken', '页面出错', 'this page broke', { detail: String(error) })
}
