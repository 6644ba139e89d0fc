/** Which city a desk is about, of those in which somebody holds one of the roles it is for; kept on the device. */

import { computed, ref, watch } from 'vue'
import { api, got, type Schemas } from '@/shared/api/client'
import { useSession } from '@/shared/session'

export type Role = Schemas['RoleView']['role']

const KEY = 'desk-city'
const chosen = ref('')
const titles = ref(new Map<string, string>())
let asked: Promise<void> | null = null

try {
  chosen.value = localStorage.getItem(KEY) ?? ''
} catch {
  // It will be chosen again.
}
watch(chosen, (city) => {
  try {
    localStorage.setItem(KEY, city)
  } catch {
    // Not kept.
  }
})

async function loadTitles(): Promise<void> {
  const found = got(await api.GET('/v1/cities'))
  titles.value = new Map(found.cities.map((each) => [each.name, each.title]))
}

export function titleOf(city: string): string {
  return titles.value.get(city) ?? city
}

export function useDesk(...roles: Role[]) {
  const { me } = useSession()
  asked ??= loadTitles().catch(() => void (asked = null))
  const cities = computed(() => [
    ...new Set((me.value?.roles ?? []).filter((each) => roles.includes(each.role)).map((each) => each.city)),
  ])
  /** One that this desk is for, whatever was chosen at another. */
  const city = computed({
    get: () => (cities.value.includes(chosen.value) ? chosen.value : (cities.value[0] ?? '')),
    set: (name: string) => (chosen.value = name),
  })
  function holds(role: Role, where = city.value): boolean {
    return (me.value?.roles ?? []).some((each) => each.role === role && each.city === where)
  }
  return { cities, city, holds }
}
