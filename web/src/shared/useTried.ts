/** What may be refused or not arrive: the problem to show, and whether something is under way. */

import { ref, shallowRef } from 'vue'
import { asProblem, type Problem } from './api/problem'

export function useTried() {
  const problem = shallowRef<Problem | null>(null)
  const isBusy = ref(false)

  /** Asks for something; whether it came. Nothing waits for it: what can be pressed stays so. */
  async function asked(ask: () => Promise<unknown>): Promise<boolean> {
    problem.value = null
    try {
      await ask()
      return true
    } catch (error) {
      problem.value = asProblem(error)
      return false
    }
  }

  /** Does something, during which nothing else is to be done; whether it was done. */
  async function tried(act: () => Promise<unknown>): Promise<boolean> {
    isBusy.value = true
    try {
      return await asked(act)
    } finally {
      isBusy.value = false
    }
  }

  return { problem, isBusy, asked, tried }
}
