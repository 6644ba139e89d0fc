import { describe, expect, it } from 'vitest'
import contract from '@schemas/contract.schema.json'
import { asked } from './asked'
import { faultsOf } from './checks'
import { choiceWords, cleaned, fieldOf, initialOf, type JsonSchema } from './schema'

const root = contract as unknown as JsonSchema
const money = fieldOf('money', { $ref: '#/$defs/Money' }, root)

const buyers: JsonSchema = {
  type: 'object',
  required: ['co_ownership', 'buyers'],
  properties: {
    co_ownership: { $ref: '#/$defs/CoOwnership' },
    buyers: { type: 'array', items: { $ref: '#/$defs/Buyer' } },
  },
  $defs: {
    CoOwnership: { enum: ['sole', 'by_share', 'joint'], type: 'string' },
    Buyer: {
      type: 'object',
      required: ['id_type', 'id_number'],
      properties: {
        id_type: { enum: ['resident_id', 'passport'], type: 'string' },
        id_number: { type: 'string', maxLength: 20000 },
        share: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
    },
  },
}

describe('fields of a schema', () => {
  it('tell a sum from a sentence', () => {
    expect(money.fields.find((each) => each.name === 'price')?.kind).toBe('amount')
    expect(money.fields.find((each) => each.name === 'instalments')?.kind).toBe('list')
  })

  it('begin with what is needed, and nothing more', () => {
    const begun = initialOf(money) as Record<string, unknown>
    expect(begun.instalments).toHaveLength(1)
    expect(begun.loan).toBeUndefined()
  })

  it('have the words of the contract', () => {
    const method = money.fields.find((each) => each.name === 'method')
    expect(method && choiceWords(method)).toEqual({ lump_sum: '一次性付款', instalments: '分期付款', loan: '贷款付款' })
  })
})

describe('what is sent', () => {
  it('holds nothing empty', () => {
    const value = { price: '1.00', method: 'loan', instalments: [{ kind: 'full', amount: '1.00', channel: 'seller', due_on: '' }], loan: {} }
    expect(cleaned(money, value)).toEqual({
      price: '1.00',
      method: 'loan',
      instalments: [{ kind: 'full', amount: '1.00', channel: 'seller' }],
    })
  })
})

describe('shares', () => {
  const field = fieldOf('', buyers, buyers)
  const held = (co_ownership: string) => ({ co_ownership, buyers: [{ id_type: 'resident_id', id_number: '420200198812120039', share: '1/2' }] })
  const shareOf = (form: ReturnType<typeof asked>) => form.fields.find((each) => each.name === 'buyers')?.item?.fields.find((each) => each.name === 'share')

  it('are asked for, and needed, where buyers hold by shares', () => {
    expect(shareOf(asked(field, held('by_share')))?.required).toBe(true)
    const empty = { co_ownership: 'by_share', buyers: [{ id_type: 'resident_id', id_number: '420200198812120039', share: '' }] }
    expect(faultsOf(asked(field, empty), empty)).toEqual({ 'buyers.0.share': { key: 'form.required' } })
  })

  it.each(['sole', 'joint', ''])('are neither asked for nor sent where they hold otherwise: %s', (how) => {
    const form = asked(field, held(how))
    expect(shareOf(form)).toBeUndefined()
    expect(cleaned(form, held(how))).not.toHaveProperty('buyers.0.share')
  })

  it('are not asked of an owner who is alone', () => {
    const owners: JsonSchema = {
      type: 'object',
      required: ['owners'],
      properties: { owners: { type: 'array', items: { type: 'object', properties: { party: { type: 'string' }, transferred_share: { type: 'string' } } } } },
    }
    const form = fieldOf('', owners, owners)
    const names = (...keys: string[]) => asked(form, { owners: keys.map((party) => ({ party })) }).fields[0]?.item?.fields.map((each) => each.name)
    expect(names('seller-1')).toEqual(['party'])
    expect(names('seller-1', 'seller-2')).toEqual(['party', 'transferred_share'])
  })
})

describe('what is wrong', () => {
  const field = fieldOf('', buyers, buyers)
  const buyer = (share: string, id_number = '420200198812120039') => ({ id_type: 'resident_id', id_number, share })

  it('is said where it is', () => {
    const faults = faultsOf(field, { co_ownership: '', buyers: [buyer('', '420200198812120038')] })
    expect(Object.fromEntries(Object.entries(faults).map(([path, fault]) => [path, fault.key]))).toEqual({
      co_ownership: 'form.required',
      'buyers.0.id_number': 'form.checksum',
    })
  })

  it('is shares that do not make the whole house', () => {
    const faults = faultsOf(field, { co_ownership: 'by_share', buyers: [buyer('1/2'), buyer('1/3')] })
    expect(faults).toEqual({ 'buyers.1.share': { key: 'form.shareSum', facts: { sum: '5/6' } } })
    expect(faultsOf(field, { co_ownership: 'by_share', buyers: [buyer('1/2'), buyer('1/2')] })).toEqual({})
  })
})
