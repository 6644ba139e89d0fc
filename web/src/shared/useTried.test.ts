import { expect, test } from 'vitest'
import { Problem } from './api/problem'
import { useTried } from './useTried'

const refusal = new Problem(409, 'case.changed', '已变更', 'it changed')
const refused = () => Promise.reject(refusal)

test('is busy while something is done, and not after', async () => {
  const { isBusy, tried } = useTried()
  let during = false
  const done = await tried(async () => void (during = isBusy.value))
  expect([during, done, isBusy.value]).toEqual([true, true, false])
})

test('shows what was refused, and can be pressed again', async () => {
  const { isBusy, problem, tried } = useTried()
  expect(await tried(refused)).toBe(false)
  expect(problem.value).toBe(refusal)
  expect(isBusy.value).toBe(false)
})

test('a mistake of the page itself is a problem too', async () => {
  const { problem, tried } = useTried()
  expect(await tried(() => Promise.reject(new Error('oh')))).toBe(false)
  expect(problem.value?.code).toBe('page.broken')
})

test('takes back what was said as soon as it is tried again', async () => {
  const { problem, tried } = useTried()
  await tried(refused)
  let meanwhile: Problem | null = refusal
  expect(await tried(async () => void (meanwhile = problem.value))).toBe(true)
  expect([meanwhile, problem.value]).toEqual([null, null])
})

test('asking keeps nothing from being pressed', async () => {
  const { isBusy, problem, asked } = useTried()
  let during = true
  expect(await asked(async () => void (during = isBusy.value))).toBe(true)
  expect(during).toBe(false)
  expect(await asked(refused)).toBe(false)
  expect(problem.value).toBe(refusal)
})
