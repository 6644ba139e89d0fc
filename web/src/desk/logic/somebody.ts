/** Somebody as a desk types them, and their account. */

import { api, got } from '@/shared/api/client'
import { Problem } from '@/shared/api/problem'
import { idNumberFault, normalised } from '@/shared/logic/idNumber'

export const ID_TYPES = ['resident_id', 'passport', 'hm_permit', 'tw_permit', 'hmt_residence', 'foreign_pr'] as const
export type Somebody = { name: string; id_type: (typeof ID_TYPES)[number]; id_number: string }

export const nobody = (): Somebody => ({ name: '', id_type: 'resident_id', id_number: '' })

/** What is wrong with the number: a key of words. */
export function faultOf(who: Somebody): string | null {
  if (!who.id_number) return 'form.required'
  const fault = idNumberFault(who.id_type, who.id_number)
  return fault ? `form.${fault}` : null
}

/** As it is sent. */
export function cleaned(who: Somebody): Somebody {
  return { ...who, name: who.name.trim(), id_number: normalised(who.id_number) }
}

/** Their account; `null` where nobody of that name and number ever logged in. */
export async function accountOf(city: string, who: Somebody): Promise<string | null> {
  const body = cleaned(who)
  try {
    return got(await api.POST('/v1/desk/{city}/staff/find', { params: { path: { city } }, body })).account_id
  } catch (error) {
    if (error instanceof Problem && error.code === 'account.unknown') return null
    throw error
  }
}
