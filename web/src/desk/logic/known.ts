/** Choices that an act's schema leaves open and the city or the case knows. Pure. */

import type { Schemas } from '@/shared/api/client'

type Case = Schemas['CaseView']
export type Choices = Record<string, { value: string; label: string }[]>

/** The parts of a profile that are read here. */
interface Rules {
  sale?: {
    preparation?: { materials?: { slots: { slot: string }[] } | null; undertakings?: { template: string }[] }
    signing?: { wet_extra?: { paper: string }[] }
  } | null
  cancelling?: { rows: { name: string; demands?: { papers?: string[]; proofs?: string[] } }[] } | null
}

const E_LICENCE = 'e_licence_authorisation'
/** What is proved by what was seen or sent, and not by a paper. */
const NO_PAPERS = new Set(['original_id', 'captcha'])
const ID_TYPES = ['resident_id', 'passport', 'hm_permit', 'tw_permit', 'hmt_residence', 'foreign_pr']
const MATTERS = ['check_property', 'upload_materials', 'sign', 'cancel_filing']

export function choicesFor(act: string, subject: Case | null, profile: unknown, word: (group: string, value: string) => string): Choices {
  const rules = (profile ?? {}) as Rules
  const named = (group: string, values: readonly string[]) => [...new Set(values)].map((value) => ({ value, label: word(group, value) }))
  const found: Choices = {
    party: (subject?.people?.parties ?? []).map((party) => ({ value: party.key, label: party.name })),
    slot: named('slot', (rules.sale?.preparation?.materials?.slots ?? []).map((each) => each.slot)),
  }
  if (act === 'upload-cancel-paper') found.paper = named('paper', ofCancelling(subject, rules))
  if (act === 'upload-extra-paper') found.paper = named('paper', (rules.sale?.signing?.wet_extra ?? []).map((each) => each.paper))
  if (act.endsWith('-undertaking')) found.template = named('template', (rules.sale?.preparation?.undertakings ?? []).map((each) => each.template))
  if (act === 'hand-in-mandate') found.agent_id_type = named('id_type', ID_TYPES)
  if (act === 'bind-agent') {
    found.matters = named('matter', MATTERS)
    found.papers = named('paper', ['mandate_original', 'binding_application'])
  }
  return found
}

function ofCancelling(subject: Case | null, rules: Rules): string[] {
  const row = rules.cancelling?.rows.find((each) => each.name === subject?.cancelling?.current?.rule)
  const wanted = [...(row?.demands?.papers ?? []), ...(row?.demands?.proofs ?? []).filter((each) => !NO_PAPERS.has(each))]
  return wanted.includes(E_LICENCE) ? [...wanted, 'identity_proof'] : wanted
}
