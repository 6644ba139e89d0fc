import { describe, expect, it, vi } from 'vitest'
import { offline } from '../api/problem'
import { faultOf, MOST_BYTES, useUploadQueue } from './queue'

const pdf = (name: string) => new File(['%PDF-1.7'], name, { type: 'application/pdf' })

describe('a file', () => {
  it('is of a kind that is taken, not empty, not too large', () => {
    expect(faultOf({ size: 9, type: 'application/pdf' })).toBe(null)
    expect(faultOf({ size: 0, type: 'application/pdf' })).toBe('material.empty')
    expect(faultOf({ size: MOST_BYTES + 1, type: 'image/png' })).toBe('form.fileTooLarge')
    expect(faultOf({ size: 9, type: 'image/gif' })).toBe('material.kind')
  })
})

describe('files on their way', () => {
  it('go one after the other, and leave the list', async () => {
    const order: string[] = []
    const queue = useUploadQueue(async (file) => void order.push(file.name))
    queue.add([pdf('a'), pdf('b')])
    await vi.waitFor(() => expect(queue.isBusy.value).toBe(false))
    expect([order, queue.files.value]).toEqual([['a', 'b'], []])
  })

  it('that did not get through stay, the others do not wait for them', async () => {
    let isDown = true
    const order: string[] = []
    const queue = useUploadQueue(async (file) => {
      if (isDown && file.name === 'a') throw offline()
      order.push(file.name)
    })
    queue.add([pdf('a'), pdf('b')])
    await vi.waitFor(() => expect(queue.isBusy.value).toBe(false))
    expect(queue.files.value.map((each) => [each.name, each.state, each.problem?.code])).toEqual([['a', 'failed', 'net.offline']])
    isDown = false
    queue.retry()
    await vi.waitFor(() => expect(queue.files.value).toEqual([]))
    expect(order).toEqual(['b', 'a'])
  })

  it('that cannot be taken are not sent, not even again', async () => {
    const send = vi.fn()
    const queue = useUploadQueue(send)
    queue.add([new File(['x'], 'x.gif', { type: 'image/gif' })])
    await vi.waitFor(() => expect(queue.isBusy.value).toBe(false))
    queue.retry()
    expect(send).not.toHaveBeenCalled()
    const only = queue.files.value[0]
    expect(only?.fault).toBe('material.kind')
    queue.drop(only?.id ?? 0)
    expect(queue.files.value).toEqual([])
  })
})
