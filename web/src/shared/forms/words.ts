/** What a field, and each of its choices, is called. */

import { useI18n } from 'vue-i18n'
import { choiceWords, humanised, type Field } from './schema'

/** Names of fields whose choices have words of their own; others are called after the field. */
const ENUM_OF: Record<string, string> = {
  id_type: 'id_type',
  certificate_type: 'certificate_type',
}

const HAN = /[\u4e00-\u9fff]/

export function useFieldWords() {
  const { t, te, locale } = useI18n()

  function label(field: Field): string {
    if (field.title && HAN.test(field.title)) return locale.value === 'zh' ? field.title : humanised(field.name)
    return te(`fields.${field.name}`) ? t(`fields.${field.name}`) : humanised(field.name)
  }

  function choice(field: Field, value: string): string {
    const own = choiceWords(field)[value]
    if (own) return locale.value === 'zh' ? own : humanised(value)
    const key = `enum.${ENUM_OF[field.name] ?? field.name}.${value}`
    return te(key) ? t(key) : humanised(value)
  }

  return { label, choice }
}
