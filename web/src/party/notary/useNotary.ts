/** The matter before a notary of the case a page is about, and what the city's profile says of it. */

import { computed } from 'vue'
import { useCase } from '../useCase'
import { asProcedures, placesOf, type Task } from './steps'

export function useNotary() {
  const desk = useCase()
  const matter = computed(() => desk.subject.value?.notary?.current ?? null)
  const past = computed(() => desk.subject.value?.notary?.past ?? [])
  const procedure = computed(() => {
    const found = matter.value
    return found && desk.city.value ? (asProcedures(desk.city.value)[found.procedure] ?? null) : null
  })
  const mine = computed<Task[]>(() => {
    const parties = new Set(desk.subject.value?.you.parties ?? [])
    return (matter.value?.tasks ?? []).filter((task) => parties.has(task.party))
  })
  const isDeveloper = computed(() => (desk.subject.value?.you.as ?? []).includes('developer'))
  const papers = computed(() => {
    const wanted = procedure.value?.read ?? []
    return wanted.flatMap((name) => (matter.value?.papers ?? []).filter((paper) => paper.paper === name))
  })

  function taskOf(party: string): Task | null {
    return matter.value?.tasks.find((task) => task.party === party) ?? null
  }

  return { ...desk, matter, past, procedure, mine, isDeveloper, papers, taskOf, placesOf }
}
