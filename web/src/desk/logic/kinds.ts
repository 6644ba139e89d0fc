/** What kinds of work are called, and which of them send something to somebody. */

import { i18n } from '@/shared/i18n'

/** Kinds by which something leaves for people, registries and offices. */
export const SENDING: readonly string[] = ['notify', 'sms', 'push', 'tell-webhook', 'report-qualification', 'notary-package']

export function kindName(kind: string): string {
  const { t, te } = i18n.global
  for (const key of [`ops.kind.${kind}`, `acts.${kind}`]) if (te(key)) return t(key)
  return kind
}
