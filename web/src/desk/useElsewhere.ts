/** Where else something waits, for whoever sits at the desks of several cities and finds nothing in this one. */

import { ref, watch, type Ref } from 'vue'
import { api, got } from '@/shared/api/client'

export interface Elsewhere {
  city: string
  count: number
}

export function useElsewhere(cities: Ref<readonly string[]>, city: Ref<string>, state: Ref<string>, isEmpty: () => boolean) {
  const found = ref<Elsewhere[]>([])

  async function countOf(other: string): Promise<number> {
    const counts: Partial<Record<string, number>> = got(await api.GET('/v1/desk/{city}/statistics', { params: { path: { city: other } } })).cases
    return counts[state.value] ?? 0
  }

  watch(
    [city, state, isEmpty],
    async () => {
      found.value = []
      if (!isEmpty()) return
      const asked = `${city.value} ${state.value}`
      const others = cities.value.filter((each) => each !== city.value)
      // Only a hint: without it everything else still works.
      const counted = await Promise.all(others.map(async (each) => ({ city: each, count: await countOf(each).catch(() => 0) })))
      if (asked === `${city.value} ${state.value}` && isEmpty()) found.value = counted.filter((each) => each.count > 0)
    },
    { immediate: true },
  )
  return found
}
