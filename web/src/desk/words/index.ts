/** Adds the words of desks to those of all pages; again whenever the language changes. */

import { watch } from 'vue'
import { i18n, loadLanguage } from '@/shared/i18n'
import { language } from '@/shared/i18n/language'
import zh from './zh'

let hasEnglish = false

export async function loadDeskWords(): Promise<void> {
  // Theirs first: loading them puts the whole language in place.
  await loadLanguage()
  if (language.value !== 'en' || hasEnglish) return
  const { default: en } = await import('./en')
  i18n.global.mergeLocaleMessage('en', en)
  hasEnglish = true
}

i18n.global.mergeLocaleMessage('zh', zh)
watch(language, () => void loadDeskWords())
