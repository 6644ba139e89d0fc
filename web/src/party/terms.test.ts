import { describe, expect, it } from 'vitest'
import { adviceOn } from './terms'

function keys(money: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(adviceOn({ money })).map(([path, fault]) => [path, fault.key]))
}

const part = (amount: string, more: Record<string, unknown> = {}) => ({ kind: 'down_payment', amount, ...more })

describe('advice on terms', () => {
  it('adds payments exactly, and waits until there is something to add', () => {
    expect(keys({ price: '0.30', instalments: [part('0.10'), part('0.20')] })).toEqual({})
    expect(keys({ price: '1286500', instalments: [part('1,286,500.00')] })).toEqual({})
    expect(keys({ price: '1', instalments: [part('')] })).toEqual({})
    expect(adviceOn({ money: { price: '1000.00', instalments: [part('300'), part('0.05')] } })).toEqual({
      'money.instalments': { key: 'advice.sum', facts: { sum: '300.05', price: '1000.00' } },
    })
  })

  it('minds deposits above a fifth of the price, taken together', () => {
    const deposit = (amount: string) => part(amount, { kind: 'deposit' })
    expect(keys({ price: '100', instalments: [deposit('20'), part('80')] })).toEqual({})
    expect(keys({ price: '100', instalments: [deposit('20'), deposit('0.01'), part('79.99')] })).toEqual({
      'money.instalments.1.amount': 'advice.deposit',
    })
  })

  it('minds a payment that is due before the one above it', () => {
    const on = (due_on: string) => part('50', { due_on })
    expect(keys({ price: '100', instalments: [on('2026-12-20'), on('2026-12-20')] })).toEqual({})
    expect(keys({ price: '100', instalments: [on('2026-12-20'), on('2026-12-19')] })).toEqual({
      'money.instalments.1.due_on': 'advice.dateOrder',
    })
  })

  it('says nothing of what is not there', () => expect(adviceOn({})).toEqual({}))
})
