/** The case a page is about: itself, what is open to me in it, its city. Shared by the pages below `/cases/…`. */

import { computed, inject, provide, ref, type InjectionKey } from 'vue'
import { useI18n } from 'vue-i18n'
import { stateWord } from '@/shared/i18n'
import { actOn, api, got, type Acted, type Schemas } from '@/shared/api/client'
import { asProblem, type Problem } from '@/shared/api/problem'
import { draftKey } from '@/shared/logic/drafts'
import { inTurn } from '@/shared/logic/turns'
import { useSession } from '@/shared/session'
import { askCase, takeEarly } from './early'
import { guide } from './guide'
import type { Case, City, OpenAct } from './profile'

type CityView = Schemas['CityView']

const cities = new Map<string, Promise<CityView>>()

/** The rules of a city, asked for once, however many cases of it are shown at once. */
export function loadCity(name: string): Promise<CityView> {
  const kept = cities.get(name)
  if (kept) return kept
  const asked = api.GET('/v1/cities/{city}', { params: { path: { city: name } } }).then(got)
  cities.set(name, asked)
  asked.catch(() => cities.delete(name))
  return asked
}

export function asCity(city: CityView): City {
  return city as unknown as City
}

function make(caseNo: string) {
  const { t, te } = useI18n()
  const { me } = useSession()
  const subject = ref<Case | null>(null)
  const open = ref<OpenAct[]>([])
  const city = ref<CityView | null>(null)
  const problem = ref<Problem | null>(null)
  const isBusy = ref(false)
  const { latest, told } = inTurn()

  async function load(): Promise<void> {
    problem.value = null
    try {
      const answer = await latest(async () => {
        const [asked, acts] = await (takeEarly(caseNo) ?? askCase(caseNo))
        return { asked, acts, city: await loadCity(asked.city) }
      })
      if (!answer) return
      city.value = answer.found.city
      open.value = answer.found.acts
      subject.value = answer.found.asked
    } catch (error) {
      problem.value = asProblem(error)
    }
  }

  /** Does an act and shows the case as it is then. */
  async function act(name: string, input: unknown = {}, file?: File): Promise<Acted> {
    isBusy.value = true
    problem.value = null
    try {
      const acted = await actOn(caseNo, name, input, file)
      told()
      subject.value = acted.case
      void reloadActs()
      return acted
    } catch (error) {
      problem.value = asProblem(error)
      if (problem.value.isStale) void refresh()
      throw problem.value
    } finally {
      isBusy.value = false
    }
  }

  /** Whether it was done: what was refused is said above every page of the case. */
  async function tried(doing: () => Promise<unknown>): Promise<boolean> {
    try {
      await doing()
      return true
    } catch {
      return false
    }
  }

  /** The case as it is, under what was just said about it: somebody else, or another tab, was faster. */
  async function refresh(): Promise<void> {
    const said = problem.value
    await load()
    problem.value ??= said
  }

  async function reloadActs(): Promise<void> {
    try {
      open.value = [...got(await api.GET('/v1/cases/{case_no}/acts', { params: { path: { case_no: caseNo } } })).acts]
    } catch {
      // The list of before is still true enough: the service has the last word on every act.
    }
  }

  const words = {
    slot: (slot: string) => (te(`enum.slot.${slot}`) ? t(`enum.slot.${slot}`) : slot),
    form: (name: string) => (te(`enum.form.${name}`) ? t(`enum.form.${name}`) : name),
    paper: (name: string) => (te(`enum.paper.${name}`) ? t(`enum.paper.${name}`) : name),
  }
  const steps = computed(() =>
    subject.value && city.value ? guide(subject.value, asCity(city.value), open.value, words) : [],
  )
  /** The city's own word (rules.md § 7.3), which is Chinese. */
  const stateName = computed(() => stateWord(subject.value?.state ?? 'opened', subject.value?.state_label))
  const textSha256 = computed(() => subject.value?.text?.fixed?.sha256 ?? '')
  const mine = computed(() => (subject.value?.people?.parties ?? []).filter((party) => party.is_you))

  function nameOf(key: string): string {
    return subject.value?.people?.parties.find((party) => party.key === key)?.name ?? key
  }

  /** JSON Schema of an act's input, as the city has it. */
  function schemaOf(name: string) {
    return city.value?.acts.find((each) => each.name === name)
  }

  function draftOf(what: string): string {
    return draftKey(me.value?.account_id ?? 'nobody', caseNo, what)
  }

  return { caseNo, subject, open, city, problem, isBusy, steps, stateName, textSha256, mine, words, load, act, tried, nameOf, schemaOf, draftOf }
}

export type CaseDesk = ReturnType<typeof make>

const KEY: InjectionKey<CaseDesk> = Symbol('case')

export function provideCase(caseNo: string): CaseDesk {
  const desk = make(caseNo)
  provide(KEY, desk)
  return desk
}

export function useCase(): CaseDesk {
  const desk = inject(KEY)
  if (!desk) throw new Error('this page is not of a case')
  return desk
}
