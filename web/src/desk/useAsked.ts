/** Asks the service for what a page shows: when it opens, when told to, and now and then while it is looked at. */

import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'
import { inTurn } from '@/shared/logic/turns'
import { useTried } from '@/shared/useTried'

export function useAsked<T>(ask: () => Promise<T>, everyMs = 0) {
  const found = shallowRef<T | null>(null)
  const loadedAt = ref('')
  const { problem, isBusy, asked, tried } = useTried()
  const { latest } = inTurn()

  async function load(): Promise<void> {
    await asked(async () => {
      const answer = await latest(ask)
      if (!answer) return
      found.value = answer.found
      loadedAt.value = new Date().toISOString()
    })
  }

  /** Does something, then shows how things are; whether it was done. */
  async function during(act: () => Promise<unknown>): Promise<boolean> {
    const isDone = await tried(act)
    if (isDone) await load()
    return isDone
  }

  let timer = 0
  onMounted(() => {
    void load()
    if (everyMs) timer = window.setInterval(() => void (document.hidden || problem.value || load()), everyMs)
  })
  onBeforeUnmount(() => window.clearInterval(timer))
  return { found, problem, loadedAt, isBusy, load, during }
}
