/** Which language the pages speak: chosen by the person, else by their browser, else Chinese. */

import { ref, watch } from 'vue'

export type Language = 'zh' | 'en'

const KEY = 'language'

function first(): Language {
  try {
    const kept = localStorage.getItem(KEY)
    if (kept === 'zh' || kept === 'en') return kept
  } catch {
    // Nothing is kept here.
  }
  return typeof navigator !== 'undefined' && !/^zh/i.test(navigator.language) ? 'en' : 'zh'
}

export const language = ref<Language>(first())

/** `lang` of words that may be Chinese among English: a name, a place, the title of a paper (WCAG 3.1.2). */
export function langOf(words: string): 'zh-CN' | undefined {
  return /\p{Script=Han}/u.test(words) && !/[A-Za-z]{2}/.test(words) ? 'zh-CN' : undefined
}

watch(
  language,
  (now) => {
    if (typeof document === 'undefined') return
    document.documentElement.lang = now === 'zh' ? 'zh-CN' : 'en'
    try {
      localStorage.setItem(KEY, now)
    } catch {
      // It will be asked for again.
    }
  },
  { immediate: true },
)
