/** Adds the words of the journal, when it is opened. */

import { loadWords } from '@/shared/i18n'
import events from './events.zh'

const english = async (): Promise<object> => ({ events: (await import('./events.en')).default })

export function loadEventWords(): Promise<void> {
  return loadWords({ events }, english)
}
