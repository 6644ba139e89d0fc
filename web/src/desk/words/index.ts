/** Adds the words of desks to those of all pages. English is there before it is asked for: no page is half of each. */

import { i18n, loadLanguage } from '@/shared/i18n'
import { language } from '@/shared/i18n/language'
import zh from './zh'

async function loadEnglish(): Promise<void> {
  const [{ default: all }, { default: own }] = await Promise.all([import('@/shared/i18n/en'), import('./en')])
  i18n.global.setLocaleMessage('en', all)
  i18n.global.mergeLocaleMessage('en', own)
}

export async function loadDeskWords(): Promise<void> {
  i18n.global.mergeLocaleMessage('zh', zh)
  const english = loadEnglish()
  if (language.value === 'en') await english
  // Without English the desk works in Chinese; it is asked for again when somebody chooses it.
  else english.catch(() => undefined)
  await loadLanguage()
}
