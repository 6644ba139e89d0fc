/** Asked for at the first moment it is known what will be shown, while the parts of the page are still on their way. */

import type { RouteLocationNormalized } from 'vue-router'
import { api, got } from '@/shared/api/client'

/** A case and what is open in it: two questions, asked at once. */
export function askCase(caseNo: string) {
  const params = { params: { path: { case_no: caseNo } } }
  return Promise.all([
    api.GET('/v1/cases/{case_no}', params).then(got),
    api.GET('/v1/cases/{case_no}/acts', params).then((answer) => [...got(answer).acts]),
  ])
}

type Asked = ReturnType<typeof askCase>

let early: { caseNo: string; asked: Asked } | null = null

/** The first page of a visit: its case, and the parts it is made of, without waiting for one another. */
export function askEarly(to: RouteLocationNormalized): void {
  const caseNo = to.params.caseNo
  if (typeof caseNo === 'string') {
    const asked = askCase(caseNo)
    // Whoever takes it is told; whoever does not, did not want to know.
    asked.catch(() => undefined)
    early = { caseNo, asked }
  }
  for (const record of to.matched) {
    const part = record.components?.default
    // Parts are functions until they were fetched; the browser keeps each.
    if (typeof part === 'function') void (part as () => Promise<unknown>)().catch(() => undefined)
  }
}

/** What was asked for early, once: later it would be old. */
export function takeEarly(caseNo: string): Asked | null {
  const found = early?.caseNo === caseNo ? early.asked : null
  early = null
  return found
}
