/** Uploads by tus 1.0 that go on where they stopped: after a moment without network, and after a reload. */

import { type DetailedError, Upload } from 'tus-js-client'
import { csrfToken } from '../api/client'
import { offline, Problem } from '../api/problem'
import { language } from '../i18n/language'

/** Small enough that progress is seen and little is sent twice, large enough that asking does not slow it down. */
export const PIECE_BYTES = 1 << 20

const RETRY_MS = [500, 1500, 4000]

export interface Sending {
  metadata: Record<string, string>
  /** Where an upload of before goes on; none, and one begins. */
  uploadUrl: string | null
  /** Called once the place is known: keep it. */
  placed: (uploadUrl: string) => void
  progress: (sent: number, whole: number) => void
}

export interface Sent {
  /** Rejects with a `Problem`; after one that `mayRetry`, send again with the place of before. */
  finished: Promise<string>
  stop: () => void
}

export function send(blob: Blob, how: Sending): Sent {
  let stop = () => {}
  const finished = new Promise<string>((done, failed) => {
    const upload = new Upload(blob, {
      endpoint: `${location.origin}/v1/uploads`,
      uploadUrl: how.uploadUrl,
      chunkSize: PIECE_BYTES,
      metadata: how.metadata,
      headers: { 'x-csrf-token': csrfToken.value, 'accept-language': language.value === 'zh' ? 'zh-CN' : 'en' },
      retryDelays: RETRY_MS,
      // The place is kept beside the recording, by whoever has both.
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () => how.placed(upload.url ?? ''),
      onProgress: how.progress,
      onShouldRetry: (error) => mayHelp(error as DetailedError),
      onSuccess: () => done(idOf(upload.url ?? '')),
      onError: (error) => failed(problemIn(error)),
    })
    stop = () => void upload.abort()
    upload.start()
  })
  return { finished, stop: () => stop() }
}

/** The last part of the place is the name the service knows an upload by. */
export function idOf(uploadUrl: string): string {
  return uploadUrl.slice(uploadUrl.lastIndexOf('/') + 1)
}

/** No answer, somebody else at it (423), another offset than thought (409), or a service that is not well. */
function mayHelp(error: DetailedError): boolean {
  const status = error.originalResponse?.getStatus() ?? 0
  return (status === 0 && navigator.onLine) || status === 409 || status === 423 || status === 429 || status >= 500
}

/** What the service answered, as it says it everywhere else. */
export function problemIn(error: Error | DetailedError): Problem {
  const answer = 'originalResponse' in error ? error.originalResponse : null
  if (!answer || answer.getStatus() === 0) return offline()
  let said: Record<string, unknown> = {}
  try {
    said = JSON.parse(answer.getBody()) as Record<string, unknown>
  } catch {
    // A proxy's own page, or an answer to HEAD, which has no words.
  }
  const text = (name: string, otherwise: string) => (typeof said[name] === 'string' ? said[name] : otherwise)
  const status = answer.getStatus()
  const more = { request_id: answer.getHeader('x-request-id') ?? null, ...said }
  return new Problem(status, text('code', `http.${status}`), text('zh', '服务没有正常应答'), text('en', 'the service did not answer as it should'), more)
}
