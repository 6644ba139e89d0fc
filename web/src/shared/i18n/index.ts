/** The words of the pages. Chinese comes with them, English when it is asked for. */

import { watch } from 'vue'
import { createI18n } from 'vue-i18n'
import { language } from './language'
import zh from './zh'

export const i18n = createI18n({
  legacy: false,
  locale: 'zh' as string,
  fallbackLocale: 'zh',
  messages: { zh } as Record<string, typeof zh>,
  missingWarn: false,
  fallbackWarn: false,
})

/** Words that only some pages have: part of English from the moment they were asked for. */
const more = new Set<() => Promise<object>>()
const merged = new Set<() => Promise<object>>()

/** The language is changed once all its words are there: a page is never half of one and half of another. */
export async function loadLanguage(): Promise<void> {
  if (language.value === 'en') {
    if (!i18n.global.availableLocales.includes('en')) {
      const { default: en } = await import('./en')
      if (!i18n.global.availableLocales.includes('en')) i18n.global.setLocaleMessage('en', en)
    }
    for (const load of more) {
      if (merged.has(load)) continue
      const words = await load()
      if (!merged.has(load)) i18n.global.mergeLocaleMessage('en', words)
      merged.add(load)
    }
  }
  i18n.global.locale.value = language.value
}

/** Words of some pages: Chinese at once, English with the language. */
export async function loadWords(zh: object, loadEnglish: () => Promise<object>): Promise<void> {
  if (!more.has(loadEnglish)) i18n.global.mergeLocaleMessage('zh', zh)
  more.add(loadEnglish)
  await loadLanguage()
}

watch(language, async () => {
  try {
    await loadLanguage()
  } catch {
    // No network: the words that are there stay.
    language.value = i18n.global.locale.value === 'en' ? 'en' : 'zh'
  }
})

/** Whichever of two sentences is in the language spoken. The service's English ones begin small, as parts of others. */
export function said(words: { zh: string; en: string }): string {
  return language.value === 'zh' ? words.zh : words.en.charAt(0).toUpperCase() + words.en.slice(1)
}

/** A city's own word for a state; its words are Chinese, so English has the common one. */
export function stateWord(state: string, label: string | null | undefined): string {
  return (language.value === 'zh' ? label : null) ?? i18n.global.t(`enum.state.${state}`)
}

/** Several things in one line, as the language writes them. */
export function listed(things: readonly string[]): string {
  return things.join(language.value === 'zh' ? '、' : ', ')
}
