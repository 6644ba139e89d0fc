/** What pages know of single acts besides their forms. */

import type { Case } from './profile'

/** Cannot be taken back, or voids what others have done. */
export const DANGEROUS = new Set(['request-cancel', 'reopen-text', 'confirm-signing', 'give-cancel-proof', 'drop-amendment', 'void-qualification-code'])

/** What a form begins with: what the case says already. */
export function beginOf(act: string, subject: Case): Record<string, unknown> {
  const parties = subject.people?.parties ?? []
  const contact = (party: (typeof parties)[number]) => ({
    // A masked number is nothing to send back.
    phone: party.phone && !party.phone.includes('*') ? party.phone : '',
    address: party.address ?? '',
    postcode: party.postcode ?? '',
  })
  if (act === 'set-sellers') {
    const owners = parties.filter((party) => party.side === 'seller' && party.on_title)
    return {
      owners: owners.map((party) => ({ party: party.key, contact: contact(party), transferred_share: party.share_transferred ?? '', usable_online: true, limited_capacity: false })),
      has_co_owners: owners.length > 1,
    }
  }
  if (act === 'set-buyers') {
    const buyers = parties.filter((party) => party.side === 'buyer')
    if (!buyers.length) return {}
    return {
      co_ownership: subject.people?.co_ownership ?? (buyers.length === 1 ? 'sole' : ''),
      buyers: buyers.map((party) => ({
        identity: {
          name: party.name,
          id_type: party.id_type,
          id_number: party.id_number.includes('*') ? '' : party.id_number,
          kind: party.kind,
          region: party.region,
          nationality: party.nationality,
        },
        contact: contact(party),
        share: party.share_held ?? '',
        usable_online: true,
        limited_capacity: false,
      })),
    }
  }
  return {}
}

/** Acts of pages to which a step of the guide leads, or which another page asks by itself; a test looks for who does. */
const DRIVEN = new Set([
  'read-notice', 'start-face-check', 'finish-face-check', 'check-property', 'save-clauses', 'set-sellers', 'set-buyers',
  'save-form', 'generate-text', 'confirm-text', 'start-signing', 'preview-contract', 'preview-risk',
  'begin-signer-check', 'finish-signer-check', 'check-by-certificate', 'request-sign-code', 'sign', 'confirm-signing',
  'request-side-code', 'verify-side-code', 'sign-by-codes', 'submit-filing', 'join', 'upload-material', 'ask-own-titles',
  'show-captcha', 'download-text', 'download-undertaking', 'consent-cancel', 'upload-undertaking', 'add-scan-page',
  'drop-scan-pages', 'hand-in-scan-pages', 'upload-signed-scan', 'upload-extra-paper', 'send-cancel-code',
  'give-cancel-proof', 'upload-cancel-paper', 'submit-cancel-review', 'book-cancel-appointment', 'drop-cancel',
  'settle-qualification', 'settle-supervision', 'open-supervision', 'send-amend-code', 'give-amend-code',
  'drop-amendment', 'fetch-licences', 'remove-material', 'drop-representation',
  'give-consent', 'withdraw-consent', 'note-pages-read', 'hand-off-signing',
])

/** Whether a page already leads there; else the act is listed under "more", for the form of its schema. */
export function isDriven(act: string): boolean {
  // A notary's pages know when each of theirs is due.
  return DRIVEN.has(act) || /^notary-|-notary(-|$)|^answer-supplement$|^correct-purchaser$/.test(act)
}

/** What stands in the way of these is that they were never asked for. */
export const NEEDLESS = new Set([
  'amendment.not_here', 'amendment.none', 'licence.nothing_to_fetch', 'licence.not_used',
  'qualification.not_needed', 'qualification.none', 'supervision.not_here', 'supervision.not_chosen',
  'amendment.not_agreed', 'assessment.none',
])

/** Acts with a page of their own, though no step leads there. */
export const PAGES: Record<string, string> = {
  'request-cancel': 'cancel',
  'propose-amendment': 'amend',
  'set-representation': 'represent',
  'choose-supervision': 'form/fund_supervision',
  'authorise-licences': 'licences',
  'void-qualification-code': 'qualification',
  'apply-qualification': 'qualification',
}
