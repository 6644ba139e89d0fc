/** The separate consents: their words, whether I have given them in this case, giving and taking back. */

import { computed, ref } from 'vue'
import { api, got, type Schemas } from '@/shared/api/client'
import { useCase } from './useCase'

export type ConsentKind = Schemas['ConsentKind']
export type ConsentWords = Schemas['ConsentWordsView']

const words = ref<readonly ConsentWords[]>([])

export async function loadConsentWords(): Promise<readonly ConsentWords[]> {
  if (!words.value.length) words.value = got(await api.GET('/v1/consents')).consents
  return words.value
}

export function useConsent(kind: ConsentKind) {
  const { subject, act } = useCase()
  const asked = computed(() => words.value.find((each) => each.kind === kind) ?? null)
  const given = computed(() => (subject.value?.people?.consents ?? []).find((each) => each.kind === kind && each.in_force) ?? null)

  async function give(): Promise<void> {
    if (asked.value) await act('give-consent', { kind, sha256: asked.value.sha256 })
  }

  async function takeBack(): Promise<void> {
    await act('withdraw-consent', { kind })
  }

  return { asked, given, give, takeBack }
}
