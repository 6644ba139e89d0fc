import { describe, expect, it } from 'vitest'
import { outstanding, placesOf } from './outstanding'

describe('what is missing in a contract', () => {
  it('is told apart by who can do something about it', () => {
    const price = { path: 'money.price', zh: '成交价格未填写', en: 'price is missing', party: null }
    const address = { path: 'sellers.1.contact.address', zh: '通讯地址未填写', en: 'address is missing', party: 'seller-2' }
    const buyers = { path: 'buyers', zh: '买受人未填写', en: 'buyers is missing', party: null }
    const nowhere = { zh: '数据格式不受支持', en: 'another format' }
    expect(outstanding([buyers, address, nowhere, price])).toEqual({ terms: [price], people: [address], later: [buyers, nowhere] })
    expect(outstanding([])).toEqual({ terms: [], people: [], later: [] })
  })

  it('is looked for at the field, then around it', () => {
    expect(placesOf('money.instalments.0.due_on')).toEqual([
      'f-money-instalments-0-due_on',
      'f-money-instalments-0',
      'f-money-instalments',
      'f-money',
    ])
  })
})
