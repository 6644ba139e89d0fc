/** How many cases of a city stand where. */

import { ref, watch, type Ref } from 'vue'
import { api, got, type Schemas } from '@/shared/api/client'

export function useCounts(city: Ref<string>) {
  const counts = ref<Partial<Record<string, number>>>({})
  /** Whose numbers these are. */
  const counted = ref('')
  const days = ref<Schemas['OpenedView'][]>([])

  async function load(): Promise<void> {
    if (!city.value) return
    const asked = city.value
    const found = got(await api.GET('/v1/desk/{city}/statistics', { params: { path: { city: asked } } }))
    if (asked !== city.value) return
    counts.value = found.cases
    counted.value = asked
    days.value = [...found.days]
  }
  function quietly(): void {
    // Numbers beside the queues: without them everything else still works.
    load().catch(() => undefined)
  }
  function sum(...states: string[]): number {
    return states.reduce((total, state) => total + (counts.value[state] ?? 0), 0)
  }
  watch(city, quietly, { immediate: true })
  return { counts, counted, days, load, sum }
}
