/** A case, what is open in it, and its city's rules, as far as the pages read them. */

import type { Schemas } from '@/shared/api/client'

export type Case = Schemas['CaseView']
export type OpenAct = Schemas['OpenActView']

/** The parts of a profile that are read here (`docs/schemas/profile.schema.json`). */
export interface Profile {
  people: {
    entrant: string
    checks: { purpose: string; sides: string[]; any_of: string[] }[]
    phones?: { resend_seconds?: number; codes?: { at: string; per: string }[] }
  }
  filing: {
    review: boolean
    submitted_by: string[]
    case_number?: { label: string }
    amend?: unknown
    fund_supervision?: { optional: boolean; banks: Record<string, string> } | null
  } | null
  cancelling?: { rows: CancelRow[] }
  sale: {
    house: { lookups: { keys: string[] }[] }
    entry: {
      buyers: { by: string; join: string; join_keys: string[] }
      notices: { template: string; sides: string[]; before: string }[]
      forms: { name: string; required: boolean }[]
    }
    preparation: {
      qualification: { need: string }
      confirmers: string
      materials: { uploaded_by: string[]; e_licence?: boolean; slots: Slot[] } | null
      undertakings: { template: string; uploaded_by?: string }[]
    }
    signing: {
      steps: Record<string, string[]>
      started_by: string[]
      printed_after?: boolean
      wet_extra?: { circumstance: string; paper: string; notarised?: boolean }[]
    }
  } | null
  templates: Record<string, { title?: string } | undefined>
}

/** A row of the city's cancel table. */
export interface CancelRow {
  name: string
  consent: string
  channel: string
  demands?: { papers?: string[]; proofs?: string[]; review?: boolean; appointment?: boolean }
}

export interface Slot {
  slot: string
  sides: string[]
  required: boolean
  before: string
}

export interface City {
  name: string
  title: string
  profile: Profile
  lifecycle: { event: string; source: string | null; by: string[] }[]
}
