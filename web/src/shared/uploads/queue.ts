/** Files on their way, one after the other: what each is doing, and again for what did not get through. */

import { reactive, ref } from 'vue'
import { asProblem, type Problem } from '../api/problem'
import { compressed } from '../logic/photos'

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
}

/** What is wrong with a file before it is sent; photos of other kinds were made JPEG where the device can. */
export function faultOf(file: { size: number; type: string }): string | null {
  if (file.size === 0) return 'material.empty'
  if (file.size > MOST_BYTES) return 'form.fileTooLarge'
  return KINDS.test(file.type) ? null : 'material.kind'
}

export function useUploadQueue(send: (file: File, progress: (share: number) => void) => Promise<void>) {
  const files = ref<QueuedFile[]>([])
  const isBusy = ref(false)
  let last = 0

  function add(chosen: readonly File[]): void {
    for (const file of chosen) {
      last += 1
      files.value.push(reactive({ id: last, name: file.name, before: file.size, file, state: 'working', share: 0, fault: null, problem: null }))
    }
    void run()
  }

  /** Those that failed; a fault of the file itself is not mended by sending it again. */
  function retry(id?: number): void {
    for (const each of files.value) if (each.state === 'failed' && !each.fault && (id === undefined || each.id === id)) each.state = 'waiting'
    void run()
  }

  function drop(id: number): void {
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
    queued.state = 'sending'
    queued.share = 0
    queued.problem = null
    try {
      await send(queued.file, (share) => (queued.share = share))
      queued.state = 'sent'
    } catch (error) {
      queued.problem = asProblem(error)
      queued.state = 'failed'
    }
  }

  return { files, isBusy, add, retry, drop }
}
