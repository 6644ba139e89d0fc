import { describe, expect, it } from 'vitest'
import { scaledSize } from '../logic/photos'
import { loadRecording, recordingKey, saveRecording } from './kept'
import { idOf, problemIn } from './resumable'

function answered(status: number, body: string) {
  const originalResponse = { getStatus: () => status, getBody: () => body, getHeader: () => 'r-1', getUnderlyingObject: () => null }
  return Object.assign(new Error('tus'), { originalResponse, originalRequest: null, causingError: null }) as never
}

describe('an upload', () => {
  it('is known by the last part of its place', () => {
    expect(idOf('https://sign.example/v1/uploads/1f-ab12')).toBe('1f-ab12')
  })

  it('that got no answer is one to be sent again', () => {
    expect(problemIn(new Error('network')).isOffline).toBe(true)
    expect(problemIn(answered(0, '')).mayRetry).toBe(true)
  })

  it('says what the service said', () => {
    const problem = problemIn(answered(409, '{"code":"upload.attempt","zh":"朗读文本已失效","en":"get it anew"}'))
    expect([problem.status, problem.code, problem.zh, problem.requestId]).toEqual([409, 'upload.attempt', '朗读文本已失效', 'r-1'])
  })

  it('says something where a proxy answered', () => {
    expect(problemIn(answered(502, '<html>')).code).toBe('http.502')
    expect(problemIn(answered(502, '<html>')).mayRetry).toBe(true)
  })
})

describe('a recording', () => {
  it('belongs to one account, case and purchaser', () => {
    expect(recordingKey('a', '1', 'buyer-1')).not.toBe(recordingKey('b', '1', 'buyer-1'))
  })

  it('is not kept where the device keeps nothing, and nothing breaks', async () => {
    const kept = { key: 'k', attempt: 'a', blob: new Blob(['x']), seconds: 16, at: 0, uploadUrl: null }
    expect(await saveRecording(kept)).toBe(typeof indexedDB !== 'undefined')
    expect(await loadRecording('k', 0)).toBe(null)
  })
})

describe('a photo', () => {
  it('becomes smaller, never larger', () => {
    expect(scaledSize({ width: 4000, height: 3000 }, 2560)).toEqual({ width: 2560, height: 1920 })
    expect(scaledSize({ width: 800, height: 600 }, 2560)).toEqual({ width: 800, height: 600 })
  })
})
