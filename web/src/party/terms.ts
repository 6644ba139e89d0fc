/**
 * What does not fit together in the terms one is typing: told beside the field while there is time, refused by nobody
 * here. The service says the same, and more, once they are saved (`documents/contract/check_money.py`). Pure.
 */

import type { Faults } from '@/shared/forms/checks'
import { asAmount } from '@/shared/logic/capitals'

interface Instalment {
  kind?: string
  amount?: string
  due_on?: string
}

interface Terms {
  money?: { price?: string; instalments?: Instalment[]; loan?: { amount?: string } } | undefined
}

/** A deposit is a fifth of the price at most (民法典第五百八十六条). */
const DEPOSIT_SHARE = 5n

export function adviceOn(terms: Terms): Faults {
  const money = terms.money
  const parts = money?.instalments ?? []
  return { ...ofSum(cents(money?.price), parts), ...ofDeposits(cents(money?.price), parts), ...ofDates(parts) }
}

function ofSum(price: bigint | null, parts: readonly Instalment[]): Faults {
  const amounts = parts.map((each) => cents(each.amount))
  if (price === null || !amounts.length || amounts.includes(null)) return {}
  const sum = amounts.reduce<bigint>((all, each) => all + (each ?? 0n), 0n)
  return sum === price ? {} : { 'money.instalments': { key: 'advice.sum', facts: { sum: said(sum), price: said(price) } } }
}

function ofDeposits(price: bigint | null, parts: readonly Instalment[]): Faults {
  if (price === null) return {}
  let sum = 0n
  const found: Faults = {}
  parts.forEach((each, index) => {
    if (each.kind !== 'deposit') return
    sum += cents(each.amount) ?? 0n
    if (sum * DEPOSIT_SHARE > price) found[`money.instalments.${index}.amount`] = { key: 'advice.deposit' }
  })
  return found
}

function ofDates(parts: readonly Instalment[]): Faults {
  const found: Faults = {}
  let last = ''
  parts.forEach((each, index) => {
    if (!each.due_on) return
    if (each.due_on < last) found[`money.instalments.${index}.due_on`] = { key: 'advice.dateOrder', facts: { last } }
    else last = each.due_on
  })
  return found
}

function cents(typed: string | undefined): bigint | null {
  const amount = typed ? asAmount(typed) : null
  return amount === null ? null : BigInt(amount.replace('.', ''))
}

function said(amount: bigint): string {
  const text = String(amount).padStart(3, '0')
  return `${text.slice(0, -2)}.${text.slice(-2)}`
}
