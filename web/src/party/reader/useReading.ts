/** Receipts for the pages of the contract: noted on the service as one reads, some at a time, and kept for the next look. */

import { computed, onBeforeUnmount, onMounted, ref } from 'vue'
import { actOn } from '@/shared/api/client'
import { asProblem } from '@/shared/api/problem'
import { useCase } from '../useCase'

const PAUSE_MS = 2500
const AGAIN_MS = 8000

export function useReading() {
  const { subject, caseNo, textSha256, nameOf } = useCase()
  const mine = computed(() => subject.value?.you.parties ?? [])
  /** Of this text, by whomever I stand for: what lacks for one of them is not read. */
  const read = computed(() => {
    const receipts = (subject.value?.text?.receipts ?? []).filter((each) => each.subject === 'contract_pages' && each.sha256 === textSha256.value)
    const pages = mine.value.map((party) => receipts.filter((each) => each.party === party).flatMap((each) => each.pages))
    return pages.length ? pages.reduce((some, more) => some.filter((page) => more.includes(page))) : []
  })
  /** Pages that are read and not noted, since the network is gone. */
  const isLate = ref(false)
  const waiting = new Set<number>()
  let timer = 0

  function note(page: number): void {
    if (!subject.value?.you.acts.includes('note-pages-read') || read.value.includes(page)) return
    waiting.add(page)
    later(PAUSE_MS)
  }

  function later(milliseconds: number): void {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void flush(), milliseconds)
  }

  async function flush(): Promise<void> {
    window.clearTimeout(timer)
    const pages = [...waiting].sort((one, other) => one - other)
    if (!pages.length) return
    waiting.clear()
    try {
      const { case: now } = await actOn(caseNo, 'note-pages-read', { text_sha256: textSha256.value, pages })
      if (subject.value && now.version > subject.value.version) subject.value = now
      isLate.value = false
    } catch (error) {
      // Another text, or signed meanwhile: there is nothing to be noted any more.
      if (!asProblem(error).mayRetry) return
      for (const page of pages) waiting.add(page)
      isLate.value = true
      later(AGAIN_MS)
    }
  }

  function hidden(): void {
    if (document.visibilityState === 'hidden') void flush()
  }

  onMounted(() => document.addEventListener('visibilitychange', hidden))
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hidden)
    void flush()
  })

  return { mine, read, note, flush, nameOf, isLate }
}
