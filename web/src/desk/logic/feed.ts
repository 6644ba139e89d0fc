/** The registry's feed, as its counter reads it. Pure. */

import type { Schemas } from '@/shared/api/client'

export type Line = Required<Schemas['RegistrarLineView']>

export type Standing = 'waits' | 'accepted' | 'returned' | 'done' | 'revoked' | 'replaced' | 'elsewhere'

const TONES: Record<Standing, string> = { waits: 'warn', accepted: 'brand', returned: '', done: 'good', revoked: 'bad', replaced: '', elsewhere: '' }

/** What is to be done about a line now, whatever it said when it came. */
export function standingOf(line: Line): { word: Standing; tone: string } {
  const word = wordOf(line)
  return { word, tone: TONES[word] }
}

function wordOf(line: Line): Standing {
  if (line.kind === 'revoked' || line.state === 'void') return 'revoked'
  if (line.sha256 !== null && !line.is_current) return 'replaced'
  if (line.state === 'transferred') return 'done'
  if (line.state === 'registering') return 'accepted'
  if (line.state === 'filed') return line.rejected_reason ? 'returned' : 'waits'
  return 'elsewhere'
}

export function sameLine(one: Line, other: Line): boolean {
  return one.case_no === other.case_no && one.kind === other.kind && one.at === other.at
}

/** Lines that came, on top of those there are, the newest first; the same line again replaces what was known of it. */
export function merged(known: readonly Line[], came: readonly Line[]): Line[] {
  const fresh = came.filter((line) => !known.some((each) => sameLine(each, line)))
  const kept = known.map((line) => came.find((each) => sameLine(each, line)) ?? line)
  return [...[...fresh].reverse(), ...kept]
}
