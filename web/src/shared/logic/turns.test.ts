import { describe, expect, it } from 'vitest'
import { inTurn } from './turns'

function answers<T>() {
  let answer!: (found: T) => void
  let fail!: (error: Error) => void
  const promise = new Promise<T>((resolve, reject) => {
    answer = resolve
    fail = reject
  })
  return { promise, answer, fail }
}

describe('answers in turn', () => {
  it('keeps what comes in the order it was asked for', async () => {
    const { latest } = inTurn()
    expect(await latest(async () => 'first')).toEqual({ found: 'first' })
    expect(await latest(async () => null)).toEqual({ found: null })
  })

  it('drops what was asked before the last one kept', async () => {
    const { latest } = inTurn()
    const slow = answers<string>()
    const old = latest(() => slow.promise)
    expect(await latest(async () => 'new')).toEqual({ found: 'new' })
    slow.answer('old')
    expect(await old).toBeNull()
  })

  it('keeps an older answer where the newer question failed', async () => {
    const { latest } = inTurn()
    const slow = answers<string>()
    const failing = answers<string>()
    const old = latest(() => slow.promise)
    const newer = latest(() => failing.promise)
    failing.fail(new Error('no network'))
    await expect(newer).rejects.toThrow('no network')
    slow.answer('old')
    expect(await old).toEqual({ found: 'old' })
  })

  it('drops what was on its way when it was told another way', async () => {
    const { latest, told } = inTurn()
    const slow = answers<string>()
    const old = latest(() => slow.promise)
    told()
    slow.answer('old')
    expect(await old).toBeNull()
    expect(await latest(async () => 'new')).toEqual({ found: 'new' })
  })
})
