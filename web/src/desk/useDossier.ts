/** One case at a desk: itself, its city, what is open to whoever looks, and doing it. */

import { computed, nextTick, ref } from 'vue'
import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/es/components/message/style/css'
import { useI18n } from 'vue-i18n'
import { stateWord } from '@/shared/i18n'
import { actOn, api, got, type Acted, type Schemas } from '@/shared/api/client'
import { asProblem, type Problem } from '@/shared/api/problem'
import type { JsonSchema } from '@/shared/forms/schema'
import { inTurn } from '@/shared/logic/turns'

export type Case = Schemas['CaseView']
export type OpenAct = Schemas['OpenActView']
export type City = Schemas['CityView']

const cities = new Map<string, City>()

export async function loadCity(name: string): Promise<City> {
  const kept = cities.get(name)
  if (kept) return kept
  const city = got(await api.GET('/v1/cities/{city}', { params: { path: { city: name } } }))
  cities.set(name, city)
  return city
}

export function useDossier(caseNo: string) {
  const { t, te } = useI18n()
  const subject = ref<Case | null>(null)
  const city = ref<City | null>(null)
  const open = ref<OpenAct[]>([])
  const problem = ref<Problem | null>(null)
  const isBusy = ref(false)
  /** Goes up with every act: whatever was made of the case is made anew. */
  const turn = ref(0)
  const { latest } = inTurn()

  async function load(): Promise<void> {
    problem.value = null
    try {
      const path = { case_no: caseNo }
      const answer = await latest(async () => {
        const [found, acts] = await Promise.all([
          api.GET('/v1/cases/{case_no}', { params: { path } }).then(got),
          api.GET('/v1/cases/{case_no}/acts', { params: { path } }).then(got),
        ])
        return { subject: found, acts: acts.acts, city: await loadCity(found.city) }
      })
      if (!answer) return
      city.value = answer.found.city
      open.value = [...answer.found.acts]
      subject.value = answer.found.subject
      turn.value += 1
    } catch (error) {
      problem.value = asProblem(error)
    }
  }

  /** Does an act; whether it was done. */
  async function act(name: string, input: unknown = {}, file?: File): Promise<Acted | null> {
    isBusy.value = true
    problem.value = null
    try {
      const acted = await actOn(caseNo, name, input, file)
      ElMessage({ type: 'success', message: t('dossier.done', { name: nameOfAct(name) }), grouping: true })
      await load()
      return acted
    } catch (error) {
      problem.value = asProblem(error)
      // A long form may have scrolled away from where it is said.
      void nextTick(() => document.querySelector('[role=dialog] .problem')?.scrollIntoView({ block: 'nearest' }))
      return null
    } finally {
      isBusy.value = false
    }
  }

  function nameOfAct(name: string): string {
    return te(`acts.${name}`) ? t(`acts.${name}`) : name
  }

  function nameOf(key: string): string {
    return subject.value?.people?.parties.find((party) => party.key === key)?.name ?? key
  }

  function openAct(name: string): OpenAct | undefined {
    return open.value.find((each) => each.name === name)
  }

  function formOf(name: string): { schema: JsonSchema; file: boolean } | null {
    const found = city.value?.acts.find((each) => each.name === name)
    return found ? { schema: found.input as JsonSchema, file: found.file } : null
  }

  const stateName = computed(() => stateWord(subject.value?.state ?? 'opened', subject.value?.state_label))

  return { caseNo, subject, city, open, problem, isBusy, turn, stateName, load, act, nameOfAct, nameOf, openAct, formOf }
}

export type Dossier = ReturnType<typeof useDossier>
