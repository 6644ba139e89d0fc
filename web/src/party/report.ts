/** The report of `/v1/verify`, in the form of `docs/schemas/verification.schema.json`. */

export type Verdict = 'passed' | 'failed' | 'indeterminate'

export interface Report {
  verdict: Verdict | 'unreadable'
  integrity: 'intact' | 'altered' | 'unknown'
  verified_at: string
  file: { size_bytes: number; sha256: string | null; pages: number | null; revisions: number | null }
  signatures: Signature[]
  findings: { code: string; severity: 'info' | 'warning' | 'error' | 'fatal'; zh: string; en: string; page: number | null }[]
}

export interface Signature {
  field: string | null
  kind: 'certification' | 'approval' | 'document_timestamp'
  signer: { common_name: string | null; subject: string; issuer: string } | null
  level: string
  signed_at: { claimed_at: string | null; proven_at: string | null; proof: string; source: string | null }
  intact: boolean
  trusted: boolean
  changes: { kind: string; suspicious: boolean; page: number | null }[]
  verdict: Verdict
  sub_indication: string | null
}
