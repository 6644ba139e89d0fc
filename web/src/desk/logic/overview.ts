/** Cases by city, state and day, put together for tables and charts. */

import type { Schemas } from '@/shared/api/client'

export type State = Schemas['QueuedView']['state']
export type Begun = Schemas['BegunView']

export const STATES: readonly State[] = ['opened', 'drafting', 'text_ready', 'signing', 'signed', 'in_review', 'filed', 'registering', 'transferred', 'cancelling', 'void', 'expired']

/** From the bottom of a bar to its top; each with a pattern of its own, so that nothing hangs on colour alone. */
export const STAGES = ['transferred', 'filed', 'review', 'signing', 'entering', 'cancelling', 'ended'] as const
export type Stage = (typeof STAGES)[number]

const STAGE_OF: Record<State, Stage> = {
  opened: 'entering',
  drafting: 'entering',
  text_ready: 'entering',
  signing: 'signing',
  signed: 'signing',
  in_review: 'review',
  filed: 'filed',
  registering: 'filed',
  transferred: 'transferred',
  cancelling: 'cancelling',
  void: 'ended',
  expired: 'ended',
}

export const stageOf = (state: State): Stage => STAGE_OF[state]

export interface Bar {
  /** Its first day. */
  day: string
  parts: Partial<Record<Stage, number>>
  total: number
}

/** Longer spans are drawn by the week: a bar of a year's day is thinner than a line. */
export const MOST_BARS = 92

/** A bar for every day from `since` to `until`, or for every week of them, the oldest first. */
export function barsOf(begun: readonly Begun[], since: string, until: string): Bar[] {
  const first = Date.parse(since)
  const days = Math.round((Date.parse(until) - first) / DAY_MS) + 1
  const each = days > MOST_BARS ? 7 : 1
  const bars = Array.from({ length: Math.ceil(days / each) }, (_, index) => ({
    day: new Date(first + index * each * DAY_MS).toISOString().slice(0, 10),
    parts: {} as Bar['parts'],
    total: 0,
  }))
  for (const one of begun) {
    const bar = bars[Math.floor((Date.parse(one.day) - first) / DAY_MS / each)]
    if (!bar) continue
    const stage = stageOf(one.state)
    bar.parts[stage] = (bar.parts[stage] ?? 0) + one.cases
    bar.total += one.cases
  }
  return bars
}

const DAY_MS = 86_400_000

/** A round number at or above the highest bar. */
export function topOf(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)))
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= most) ?? most
}
