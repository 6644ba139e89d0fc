/** Files chosen and not handed in yet, on this device: after a reload, or a day without a network, they go on. */

import { FILES, inStore } from './kept'

const KEPT_MS = 2 * 24 * 3600 * 1000

export interface KeptFile {
  /** Whose and for what, and a number: {@link keepFile}. */
  key: string
  /** Whose and for what. */
  under: string
  file: File
  at: number
}

let last = 0

/** Its key, or `null` where the device keeps nothing: private browsing, or no room. */
export async function keepFile(under: string, file: File, now = Date.now()): Promise<string | null> {
  last += 1
  const key = `${under}#${now}-${last}`
  const kept: KeptFile = { key, under, file, at: now }
  return inStore('readwrite', (store) => store.put(kept), FILES).then(
    () => key,
    () => null,
  )
}

/** Those that wait, oldest first. */
export async function keptFiles(under: string, now = Date.now()): Promise<KeptFile[]> {
  const all = await inStore<KeptFile[]>('readonly', (store) => store.getAll(), FILES).catch(() => [])
  for (const each of all) if (now - each.at > KEPT_MS) await dropFile(each.key)
  return all.filter((each) => each.under === under && now - each.at <= KEPT_MS).sort((one, other) => one.at - other.at)
}

export async function dropFile(key: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(key), FILES).catch(() => undefined)
}
