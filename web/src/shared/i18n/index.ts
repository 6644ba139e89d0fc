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

export async function loadLanguage(): Promise<void> {
  if (language.value === 'en' && !i18n.global.availableLocales.includes('en')) {
    const { default: en } = await import('./en')
    i18n.global.setLocaleMessage('en', en)
  }
  i18n.global.locale.value = language.value
}

watch(language, () => void loadLanguage())

/** Whichever of two sentences is in the language spoken. */
export function said(words: { zh: string; en: string }): string {
  return language.value === 'zh' ? words.zh : words.en
}
