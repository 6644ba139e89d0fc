/** The steps of a purchaser before a notary, as a page shows them. Pure. */

import type { Schemas } from '@/shared/api/client'

export type Matter = Schemas['NotaryMatterView']
export type Task = Schemas['TaskView']
export type StepName = Schemas['PlaceView']['step']

/** What a profile says of a procedure before a notary, as far as it is read here. */
export interface Procedure {
  read: string[]
  steps: Record<string, string[]>
  video: { target_seconds: number; longest_seconds: number; script_minutes: number }
}

export interface ShownPlace {
  key: StepName | 'submit'
  /** The same step stands there a second time. */
  isAgain: boolean
  standing: 'done' | 'now' | 'later'
  doneAt: string | null
}

export function asProcedures(city: { profile: unknown }): Record<string, Procedure> {
  const profile = city.profile as { cancelling?: { notary?: Record<string, Procedure> } }
  return profile.cancelling?.notary ?? {}
}

/** Every step in order, the handing in last. */
export function placesOf(task: Task): ShownPlace[] {
  const seen = new Set<string>()
  let hasNow = !task.claimed
  const places: ShownPlace[] = task.places.map((place) => {
    const isAgain = seen.has(place.step)
    seen.add(place.step)
    const isNow = place.done_at === null && !hasNow
    hasNow ||= isNow
    return { key: place.step, isAgain, standing: place.done_at !== null ? 'done' : isNow ? 'now' : 'later', doneAt: place.done_at }
  })
  const isDone = task.submitted_at !== null
  places.push({ key: 'submit', isAgain: false, standing: isDone ? 'done' : hasNow ? 'later' : 'now', doneAt: task.submitted_at })
  return places
}

/** Case, purchaser and the secret that a scanned code holds; `null` if it is no such code. Proves nothing. */
export function whoseToken(token: string): { caseNo: string; party: string } | null {
  const found = /^(.+)\.([a-z][a-z0-9-]*)\.([A-Za-z0-9_-]{20,})$/.exec(token)
  return found ? { caseNo: found[1] ?? '', party: found[2] ?? '' } : null
}

/** The newest picture of a kind. */
export function pictureOf(task: Task, kind: string, caseNo: string): string | null {
  const found = task.files.filter((file) => file.kind === kind).at(-1)
  return found ? `/v1/notary/matters/${caseNo}/photos/${found.sha256}` : null
}

/** Documents a city takes of whoever comes from there. */
export function idTypesOf(city: { profile: unknown }, region: string): string[] {
  const profile = city.profile as { people?: { id_types?: { rows?: { side: string; kind: string; region: string; id_types: string[] }[] } } }
  const row = profile.people?.id_types?.rows?.find((each) => each.side === 'buyer' && each.kind === 'person' && each.region === region)
  return row?.id_types ?? ['hm_permit', 'tw_permit', 'passport', 'foreign_pr']
}

export interface Settlement {
  price: string
  paid: string
  refund: string
  within_days: string
  loan: string
}

/** What is wrong with the money, by field. */
export function settlementFaults(said: Settlement): Partial<Record<keyof Settlement, 'amount' | 'days' | 'tooMuch'>> {
  const faults: Partial<Record<keyof Settlement, 'amount' | 'days' | 'tooMuch'>> = {}
  for (const name of ['price', 'paid', 'refund'] as const)
    if (said[name].trim() && !/^\d{1,12}(\.\d{1,2})?$/.test(said[name].trim())) faults[name] = 'amount'
  if (said.within_days.trim() && !/^[1-9]\d{0,3}$/.test(said.within_days.trim())) faults.within_days = 'days'
  const [paid, refund] = [Number(said.paid), Number(said.refund)]
  if (!faults.refund && !faults.paid && said.paid.trim() && refund > paid) faults.refund = 'tooMuch'
  return faults
}

/** As the act takes it; nothing where nothing was filled in. */
export function settlementInput(said: Settlement): Record<string, unknown> | null {
  const input: Record<string, unknown> = {}
  for (const name of ['price', 'paid', 'refund'] as const) if (said[name].trim()) input[name] = Number(said[name]).toFixed(2)
  if (said.within_days.trim()) input.within_days = Number(said.within_days)
  if (said.loan.trim()) input.loan = said.loan.trim()
  return Object.keys(input).length ? input : null
}
