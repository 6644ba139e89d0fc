/** Asks the service for what a page shows: when it opens, when told to, and now and then while it is looked at. */

import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '@/shared/api/problem'
import { inTurn } from '@/shared/logic/turns'

export function useAsked<T>(ask: () => Promise<T>, everyMs = 0) {
  const found = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const loadedAt = ref('')
  const isBusy = ref(false)
  const { latest } = inTurn()

  async function load(): Promise<void> {
    problem.value = null
    try {
      const answer = await latest(ask)
      if (!answer) return
      found.value = answer.found
      loadedAt.value = new Date().toISOString()
    } catch (error) {
      problem.value = asProblem(error)
    }
  }

  /** Does something, then shows how things are; whether it was done. */
  async function during(act: () => Promise<unknown>): Promise<boolean> {
    isBusy.value = true
    problem.value = null
    try {
      await act()
    } catch (error) {
      problem.value = asProblem(error)
      return false
    } finally {
      isBusy.value = false
    }
    await load()
    return true
  }

  let timer = 0
  onMounted(() => {
    void load()
    if (everyMs) timer = window.setInterval(() => void (document.hidden || problem.value || load()), everyMs)
  })
  onBeforeUnmount(() => window.clearInterval(timer))
  return { found, problem, loadedAt, isBusy, load, during }
}
