import { describe, expect, it } from 'vitest'
// Every code the service has, generated from its sources.
import catalogue from '../../../../docs/api/errors.md?raw'
import en from '@/shared/i18n/en'
import zh from '@/shared/i18n/zh'
import { NEXT_BY_CODE } from './nextSteps'
import { Problem } from './problem'

const LINE = /^\| <a id="[^"]+"><\/a>`([^`]+)` \| (\d+) /gm
const codes = [...catalogue.matchAll(LINE)].map(([, code, status]) => ({ code: String(code), status: Number(status) }))

/** Nobody with a telephone meets these: programs, desks, our own mistakes. */
const OF_OTHERS = /^(oauth|webhook|cursor|records|etag|idempotency|bundle|attendance|calendar|operations|renewal)\b|^request\./

function next(code: string, status: number): string {
  return new Problem(status, code, '', '').next
}

describe('what to do next', () => {
  it('is known of every code a party can meet', () => {
    expect(codes.length).toBeGreaterThan(250)
    const vague = codes.filter(({ code, status }) => !OF_OTHERS.test(code) && ['other', 'gone'].includes(next(code, status)))
    expect(vague.map(({ code }) => code)).toEqual([])
  })

  it('has a sentence in both languages', () => {
    const keys = new Set([...NEXT_BY_CODE, ...codes.map(({ code, status }) => next(code, status))])
    const words = [zh.problem.next, en.problem.next] as Record<string, string>[]
    for (const key of keys) for (const language of words) expect(language[key], key).toBeTruthy()
  })

  it('is told by the code before the status', () => {
    expect(next('code.wrong', 422)).toBe('code')
    expect(next('check.not_passed', 409)).toBe('check')
    expect(next('case.guards_refuse', 409)).toBe('listed')
    expect(next('sign_link.expired', 410)).toBe('sign_link')
    expect(next('input.refused', 422)).toBe('correct')
  })

  it('falls back to the status, and never to silence', () => {
    expect([next('new.code', 422), next('new.code', 404), next('new.code', 500), next('new.code', 409)]).toEqual(['correct', 'gone', 'operator', 'other'])
    expect([next('outside.unavailable', 503), next('rate.limited', 429), next('code.wrong', 401)]).toEqual(['later', 'later', 'login'])
  })
})
