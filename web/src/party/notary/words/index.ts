/** Adds the words of notary pages and uploads to those of all pages. */

import { loadWords } from '@/shared/i18n'
import zh from './zh'

const english = async (): Promise<object> => (await import('./en')).default

export function loadNotaryWords(): Promise<void> {
  return loadWords(zh, english)
}
