/** What is wrong with what was entered, said beside each field; the service checks again. Pure. */

import { asAmount } from '@/shared/logic/capitals'
import { idNumberFault, isMobile } from '@/shared/logic/idNumber'
import { fraction, sumOf } from '@/shared/logic/shares'
import { isEmpty, isFromElsewhere, type Field } from './schema'

export interface Fault {
  /** Key of the sentence. */
  key: string
  facts?: Record<string, unknown>
}

export type Faults = Record<string, Fault>

export function faultsOf(field: Field, value: unknown, path = ''): Faults {
  if (field.kind === 'object') return ofObject(field, value as Record<string, unknown> | undefined, path)
  if (field.kind === 'list') return ofList(field, value as unknown[] | undefined, path)
  const fault = ofPlain(field, value, {})
  return fault ? { [path]: fault } : {}
}

function ofObject(field: Field, value: Record<string, unknown> | undefined, path: string): Faults {
  if (!field.required && isEmpty(value)) return {}
  const held = value ?? {}
  const found: Faults = {}
  for (const each of field.fields) {
    const inner = join(path, each.name)
    if (each.kind === 'object' || each.kind === 'list') Object.assign(found, faultsOf(each, held[each.name], inner))
    else {
      const fault = ofPlain(each, held[each.name], held)
      if (fault) found[inner] = fault
    }
  }
  Object.assign(found, ofShares(held, path), ofElsewhere(held, path))
  return found
}

function ofList(field: Field, value: unknown[] | undefined, path: string): Faults {
  const items = value ?? []
  const found: Faults = {}
  if (field.required && items.length < Math.max(field.minItems, 1)) {
    found[path] = { key: 'form.minItems', facts: { min: Math.max(field.minItems, 1) } }
  }
  items.forEach((each, index) => {
    if (field.item) Object.assign(found, faultsOf(field.item, each, join(path, String(index))))
  })
  return found
}

/** A foreign document beside "mainland": what was not touched is still as it began. */
function ofElsewhere(held: Record<string, unknown>, path: string): Faults {
  if (!('region' in held) || !isFromElsewhere(held)) return {}
  if (held.region === 'CN') return { [join(path, 'region')]: { key: 'form.regionOfId' } }
  const nationality = String(held.nationality ?? '').trim()
  const isForeign = held.region === 'other' && (nationality === '' || nationality === '中国')
  return isForeign ? { [join(path, 'nationality')]: { key: 'form.nationality' } } : {}
}

/** Buyers who hold by shares hold the whole house together (H-01). */
function ofShares(held: Record<string, unknown>, path: string): Faults {
  if (held.co_ownership !== 'by_share' || !Array.isArray(held.buyers)) return {}
  const shares = held.buyers.map((each: { share?: string }) => each.share ?? '')
  const sum = shares.every(Boolean) ? sumOf(shares) : null
  if (sum === null || sum === '1') return {}
  return { [join(path, `buyers.${shares.length - 1}.share`)]: { key: 'form.shareSum', facts: { sum } } }
}

export function ofPlain(field: Field, value: unknown, beside: Record<string, unknown>): Fault | null {
  const typed = typeof value === 'string' ? value.trim() : value
  if (typed === '' || typed === undefined || typed === null) return field.required ? { key: 'form.required' } : null
  if (typeof typed !== 'string' && typeof typed !== 'number') return null
  const text = String(typed)
  if (field.kind === 'amount') return asAmount(text) === null ? { key: 'form.amount' } : null
  if (field.kind === 'share') return fraction(text) ? null : { key: 'form.share' }
  if (field.kind === 'phone' && field.pattern === null) return isMobile(text) ? null : { key: 'form.phone' }
  if (field.kind === 'id') {
    const fault = idNumberFault(String(beside.id_type ?? ''), text)
    return fault && beside.id_type ? { key: `form.${fault}` } : null
  }
  if (field.kind === 'number') return ofNumber(field, Number(text))
  if (field.maxLength !== null && [...text].length > field.maxLength) {
    return { key: 'form.tooLong', facts: { max: field.maxLength } }
  }
  return field.pattern && !new RegExp(field.pattern, 'u').test(text) ? { key: 'form.pattern' } : null
}

function ofNumber(field: Field, value: number): Fault | null {
  if (Number.isNaN(value)) return { key: 'form.pattern' }
  if (field.min !== null && value < field.min) return { key: 'form.min', facts: { min: field.min } }
  return field.max !== null && value > field.max ? { key: 'form.max', facts: { max: field.max } } : null
}

function join(path: string, name: string): string {
  return path ? `${path}.${name}` : name
}
