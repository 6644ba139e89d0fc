/**
 * Recordings that were made and not handed in yet, on this device: a reload, a dead network or a flat battery loses
 * none. Kept per account, case and purchaser; gone once handed in, after two days, or on logging out.
 */

const RECORDINGS = 'recordings'
/** Kept by `keptFiles.ts`. */
export const FILES = 'files'
const KEPT_MS = 2 * 24 * 3600 * 1000

export interface KeptRecording {
  /** `recordingKey`. */
  key: string
  /** Of which sentence. */
  attempt: string
  blob: Blob
  seconds: number
  at: number
  /** Where it is being uploaded to, once that began. */
  uploadUrl: string | null
}

export function recordingKey(account: string, caseNo: string, party: string): string {
  return `${account}:${caseNo}:${party}`
}

export async function loadRecording(key: string, now = Date.now()): Promise<KeptRecording | null> {
  const kept = await inStore<KeptRecording | undefined>('readonly', (store) => store.get(key)).catch(() => undefined)
  if (!kept) return null
  if (now - kept.at > KEPT_MS) {
    await dropRecording(key)
    return null
  }
  return kept
}

/** What is reactive cannot be kept: a plain copy is. `false` where the device keeps nothing: private browsing, or no room. */
export function saveRecording(kept: KeptRecording): Promise<boolean> {
  return inStore('readwrite', (store) => store.put({ ...kept })).then(
    () => true,
    () => false,
  )
}

export async function dropRecording(key: string): Promise<void> {
  // Where nothing can be kept, nothing is.
  await inStore('readwrite', (store) => store.delete(key)).catch(() => undefined)
}

/** Whose session ended at this device: nobody else may look at their recordings and files. */
export async function dropRecordings(): Promise<void> {
  await inStore('readwrite', (store) => store.clear()).catch(() => undefined)
  await inStore('readwrite', (store) => store.clear(), FILES).catch(() => undefined)
}

export async function inStore<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest, name = RECORDINGS): Promise<T> {
  const database = await opened()
  try {
    return await new Promise<T>((done, failed) => {
      const transaction = database.transaction(name, mode)
      const asked = ask(transaction.objectStore(name))
      transaction.oncomplete = () => done(asked.result as T)
      transaction.onerror = () => failed(transaction.error)
      transaction.onabort = () => failed(transaction.error)
    })
  } finally {
    database.close()
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    if (typeof indexedDB === 'undefined') {
      failed(new Error('this device keeps nothing'))
      return
    }
    const asked = indexedDB.open('qianshu', 2)
    asked.onupgradeneeded = () => {
      for (const name of [RECORDINGS, FILES]) {
        if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath: 'key' })
      }
    }
    // Another tab still has the pages of before.
    asked.onblocked = () => failed(new Error('another tab holds what is kept'))
    asked.onsuccess = () => done(asked.result)
    asked.onerror = () => failed(asked.error)
  })
}
