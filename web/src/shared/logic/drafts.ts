/** What somebody has typed and not sent yet: kept on the device, per account, case and act; gone once it was sent. */

const PREFIX = 'draft:'
const KEPT_MS = 30 * 24 * 3600 * 1000

interface Kept {
  at: number
  value: unknown
}

export function draftKey(account: string, caseNo: string, what: string): string {
  return `${PREFIX}${account}:${caseNo}:${what}`
}

export function loadDraft<T>(key: string, now = Date.now()): T | null {
  const kept = read(key)
  if (!kept) return null
  if (now - kept.at > KEPT_MS) {
    dropDraft(key)
    return null
  }
  return kept.value as T
}

/** `false` where the device keeps nothing: private browsing, or no room. */
export function saveDraft(key: string, value: unknown, now = Date.now()): boolean {
  try {
    localStorage.setItem(key, JSON.stringify({ at: now, value } satisfies Kept))
    return true
  } catch {
    return false
  }
}

export function dropDraft(key: string): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

/** On logging out: a shared telephone must not show what somebody else typed. */
export function dropDraftsOf(account: string): void {
  try {
    const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index) ?? '')
    for (const key of keys) if (key.startsWith(`${PREFIX}${account}:`)) localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

function read(key: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return kept && typeof kept === 'object' && 'at' in kept ? (kept as Kept) : null
  } catch {
    return null
  }
}
