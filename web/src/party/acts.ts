/** What pages know of single acts besides their forms. */

import type { Case } from './guide'

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
      owners: owners.map((party) => ({ party: party.key, contact: contact(party), usable_online: true, limited_capacity: false })),
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
