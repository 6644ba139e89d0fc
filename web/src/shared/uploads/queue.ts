/** Files on their way, one after the other: what each is doing, and again for what did not get through. */

import { reactive, ref } from 'vue'
import { asProblem, type Problem } from '../api/problem'
import { compressed } from '../logic/photos'
import { dropFile, keepFile, keptFiles } from './keptFiles'

export const MOST_BYTES = 20 * 1024 * 1024
const KINDS = /^(application\/pdf|image\/(jpeg|png))$/

export interface QueuedFile {
  id: number
  name: string
  before: number
  file: File
  state: 'working' | 'waiting' | 'sending' | 'failed' | 'sent'
  /** 0 to 1. */
  share: number
  /** `form.<…>` or `material.<…>`: what is wrong with the file itself. */
  fault: string | null
  problem: Problem | null
  /** Where it is kept on this device until it was sent. */
  kept: string | null
}

/** What is wrong with a file before it is sent; photos of other kinds were made JPEG where the device can. */
export function faultOf(file: { size: number; type: string }): string | null {
  if (file.size === 0) return 'material.empty'
  if (file.size > MOST_BYTES) return 'form.fileTooLarge'
  return KINDS.test(file.type) ? null : 'material.kind'
}

/** `under`: whose files and for what; those that did not get through are kept on this device, and go on after a reload. */
export function useUploadQueue(send: (file: File, progress: (share: number) => void) => Promise<void>, under?: string) {
  const files = ref<QueuedFile[]>([])
  const isBusy = ref(false)
  let last = 0

  function add(chosen: readonly File[]): void {
    for (const file of chosen) put(file, 'working', null)
    void run()
  }

  function put(file: File, state: QueuedFile['state'], kept: string | null): void {
    last += 1
    files.value.push(reactive({ id: last, name: file.name, before: file.size, file, state, share: 0, fault: null, problem: null, kept }))
  }

  /** What was not sent when the page was left. How many there were. */
  async function goOn(): Promise<number> {
    const waiting = under ? await keptFiles(under) : []
    for (const each of waiting) put(each.file, 'waiting', each.key)
    void run()
    return waiting.length
  }

  /** Those that failed; a fault of the file itself is not mended by sending it again. */
  function retry(id?: number): void {
    for (const each of files.value) if (each.state === 'failed' && !each.fault && (id === undefined || each.id === id)) each.state = 'waiting'
    void run()
  }

  function drop(id: number): void {
    const gone = files.value.find((each) => each.id === id && each.state !== 'sending')
    if (gone?.kept) void dropFile(gone.kept)
    files.value = files.value.filter((each) => each.id !== id || each.state === 'sending')
  }

  async function run(): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    try {
      for (let next = due(); next; next = due()) await one(next)
    } finally {
      isBusy.value = false
      files.value = files.value.filter((each) => each.state !== 'sent')
    }
  }

  function due(): QueuedFile | undefined {
    return files.value.find((each) => each.state === 'working' || each.state === 'waiting')
  }

  async function one(queued: QueuedFile): Promise<void> {
    if (queued.state === 'working') queued.file = await compressed(queued.file)
    queued.fault = faultOf(queued.file)
    if (queued.fault) {
      queued.state = 'failed'
      return
    }
    if (under) queued.kept ??= await keepFile(under, queued.file)
    queued.state = 'sending'
    queued.share = 0
    queued.problem = null
    try {
      await send(queued.file, (share) => (queued.share = share))
      queued.state = 'sent'
      if (queued.kept) await dropFile(queued.kept)
    } catch (error) {
      queued.problem = asProblem(error)
      // Refused as it is: sent again it would be refused again.
      if (queued.kept && !queued.problem.mayRetry && !queued.problem.isLoggedOut) {
        await dropFile(queued.kept)
        queued.kept = null
      }
      queued.state = 'failed'
    }
  }

  return { files, isBusy, add, retry, drop, goOn }
}
