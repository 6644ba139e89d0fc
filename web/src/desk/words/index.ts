/** Adds the words of desks to those of all pages. English is there before it is asked for: no page is half of each. */

import { i18n, loadLanguage } from '@/shared/i18n'
import { language } from '@/shared/i18n/language'
import operations from './operations.zh'
import zh from './zh'

async function loadEnglish(): Promise<void> {
  const [{ default: all }, { default: own }, { default: more }] = await Promise.all([
    import('@/shared/i18n/en'),
    import('./en'),
    import('./operations.en'),
  ])
  i18n.global.setLocaleMessage('en', all)
  i18n.global.mergeLocaleMessage('en', own)
  i18n.global.mergeLocaleMessage('en', more)
}

export async function loadDeskWords(): Promise<void> {
  i18n.global.mergeLocaleMessage('zh', zh)
  i18n.global.mergeLocaleMessage('zh', operations)
  const english = loadEnglish()
  if (language.value === 'en') await english
  // Without English the desk works in Chinese; it is asked for again when somebody chooses it.
  else english.catch(() => undefined)
  await loadLanguage()
}
