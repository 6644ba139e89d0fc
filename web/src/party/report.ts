/** The report of `/v1/verify`, in the form of `docs/schemas/verification.schema.json`, and what is read out of it. */

export type Verdict = 'passed' | 'failed' | 'indeterminate'

export interface Report {
  verdict: Verdict | 'unreadable'
  integrity: 'intact' | 'altered' | 'unknown'
  verified_at: string
  file: { size_bytes: number; sha256: string | null; pages: number | null; revisions: number | null }
  signatures: Signature[]
  findings: Finding[]
}

export interface Finding {
  code: string
  severity: 'info' | 'warning' | 'error' | 'fatal'
  zh: string
  en: string
  field: string | null
  page: number | null
}

export interface Signature {
  field: string | null
  kind: 'certification' | 'approval' | 'document_timestamp'
  signer: { common_name: string | null; subject: string; issuer: string; reason?: string | null } | null
  level: string
  signed_at: { claimed_at: string | null; proven_at: string | null; proof: 'time_stamp' | 'document_timestamp' | 'claimed'; source: string | null }
  intact: boolean
  trusted: boolean
  covers: { whole_file: boolean; revision: number | null; revisions: number; end_offset: number | null }
  changes: { kind: string; suspicious: boolean; page: number | null }[]
  verdict: Verdict
  sub_indication: string | null
}

/** A page worth looking at, against the file as somebody signed it. */
export interface PageToSee {
  page: number
  signedEnd: number | null
  signer: string | null
}

/** Signatures people made, and archive time-stamps that are not good: the good ones are told in one sentence. */
export function shown(report: Report): Signature[] {
  return report.signatures.filter((each) => each.kind !== 'document_timestamp' || each.verdict !== 'passed')
}

export function archiveStamps(report: Report): Signature[] {
  return report.signatures.filter((each) => each.kind === 'document_timestamp' && each.verdict === 'passed')
}

/** What a file with open fields says of signing so far; nothing once it is filed, whatever fields it keeps. */
export interface Progress {
  signed: number
  all: number
  /** There is room for the authority's stamp, and no stamp. */
  unfiled: boolean
}

const STAMP = 'filing-stamp'

export function progressOf(report: Report): Progress | null {
  if (report.signatures.some((each) => each.field === STAMP)) return null
  const open = new Set(report.findings.filter((each) => each.code === 'field.unsigned').map((each) => each.field))
  const unfiled = open.delete(STAMP)
  if (!unfiled && !open.size) return null
  const signed = report.signatures.filter((each) => each.kind === 'approval').length
  return { signed, all: signed + open.size, unfiled }
}

/** Each sentence once, and none that is only information. */
export function worthSaying(report: Report): Finding[] {
  const all = report.findings.filter((each) => each.severity !== 'info')
  return [...new Map(all.map((each) => [`${each.zh}${each.page}`, each])).values()]
}

/**
 * Pages named by suspicious changes or by findings, each once, in order; against the first signature that came before
 * the change, which is the one that covers least.
 */
export function pagesToSee(report: Report): PageToSee[] {
  const found = new Map<number, PageToSee>()
  const signed = report.signatures
    .filter((each) => each.covers.end_offset !== null)
    .sort((one, other) => (one.covers.end_offset ?? 0) - (other.covers.end_offset ?? 0))
  const by = (signature: Signature | undefined, page: number): PageToSee => ({
    page,
    signedEnd: signature?.covers.end_offset ?? null,
    signer: signature?.signer?.common_name ?? null,
  })
  for (const signature of signed) {
    for (const change of signature.changes) {
      if (change.suspicious && change.page !== null && !found.has(change.page)) found.set(change.page, by(signature, change.page))
    }
  }
  for (const { page, field } of worthSaying(report)) {
    if (page !== null && !found.has(page)) found.set(page, by(signed.find((each) => each.field === field), page))
  }
  return [...found.values()].sort((one, other) => one.page - other.page)
}

/** What a name of a certificate is called: its common name (RFC 4514). */
export function calledBy(name: string): string {
  const common = /(?:^|,)\s*CN=((?:\\.|[^,\\+])*)/i.exec(name)?.[1]
  return common === undefined ? name : common.replace(/\\(.)/g, '$1')
}

/** From what a QR code holds, or somebody typed: the code alone. Empty if it cannot be one. */
export function filingCode(text: string): string {
  const code = text.trim().replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').pop() ?? ''
  return /^[^\s/]{1,64}$/u.test(code) ? code : ''
}
