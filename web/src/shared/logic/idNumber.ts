/** Numbers of identity documents, checked as one types. The service checks them again, and its word counts. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

export type IdFault = 'length' | 'characters' | 'date' | 'checksum'

/** GB 11643-1999: 18 places, the last by ISO 7064:1983 MOD 11-2. `null`: nothing is wrong. */
export function residentIdFault(typed: string): IdFault | null {
  const number = normalised(typed)
  if (number.length !== 18) return 'length'
  if (!/^\d{17}[\dX]$/.test(number)) return 'characters'
  if (!isDay(number.slice(6, 10), number.slice(10, 12), number.slice(12, 14))) return 'date'
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(number[place]), 0)
  return CHECKS[sum % 11] === number[17] ? null : 'checksum'
}

const CODE = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** GB 32100-2015: 18 places, the last by MOD 31-3. */
export function creditCodeFault(typed: string): IdFault | null {
  const code = normalised(typed)
  if (code.length !== 18) return 'length'
  if ([...code].some((each) => !CODE.includes(each))) return 'characters'
  const sum = [...code.slice(0, 17)].reduce(
    (total, each, place) => total + CODE.indexOf(each) * (3 ** place % 31),
    0,
  )
  return CODE[(31 - (sum % 31)) % 31] === code[17] ? null : 'checksum'
}

/** By kind of document; kinds without a public checksum are checked for their characters only. */
export function idNumberFault(idType: string, typed: string): IdFault | null {
  if (idType === 'resident_id' || idType === 'hmt_residence') return residentIdFault(typed)
  if (idType === 'uscc') return creditCodeFault(typed)
  if (idType === 'resident_id_15') {
    const number = normalised(typed)
    if (number.length !== 15) return 'length'
    if (!/^\d{15}$/.test(number)) return 'characters'
    return isDay(`19${number.slice(6, 8)}`, number.slice(8, 10), number.slice(10, 12)) ? null : 'date'
  }
  return /^[0-9A-Z一-龥()（）-]{5,30}$/.test(normalised(typed)) ? null : 'characters'
}

/** Own mobile number of the mainland. */
export function isMobile(typed: string): boolean {
  return /^1[3-9]\d{9}$/.test(typed.replace(/[\s-]/g, ''))
}

/** As one types it: no spaces, capitals, half-width. */
export function normalised(typed: string): string {
  return typed
    .replace(/[！-～]/g, (each) => String.fromCharCode(each.charCodeAt(0) - 0xfee0))
    .replace(/\s/g, '')
    .toUpperCase()
}

function isDay(year: string, month: string, day: string): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && Number(year) >= 1900
}
