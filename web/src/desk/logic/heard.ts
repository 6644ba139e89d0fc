/** Which sentences of a script a notary has heard in a recording, and where: notes on this device, proof of nothing. */

/** Seconds into the recording by the number of the sentence; `null` where it was not marked. */
export type Heard = (number | null)[]

const PREFIX = 'heard:'

export function loadHeard(sha256: string, count: number): Heard {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PREFIX + sha256) ?? 'null')
    if (Array.isArray(kept) && kept.length === count) return kept.map((each) => (typeof each === 'number' ? each : null))
  } catch {
    // Nothing was kept.
  }
  return Array.from({ length: count }, () => null)
}

export function saveHeard(sha256: string, heard: Heard): void {
  try {
    if (heard.every((each) => each === null)) localStorage.removeItem(PREFIX + sha256)
    else localStorage.setItem(PREFIX + sha256, JSON.stringify(heard))
  } catch {
    // Not kept: they stay while the page does.
  }
}

/** The first that was not marked yet; -1 where all were. */
export function nextUnheard(heard: Heard): number {
  return heard.indexOf(null)
}

/** The sentence that was marked last before this moment; -1 before the first. */
export function sentenceAt(heard: Heard, seconds: number): number {
  let found = -1
  let latest = -1
  heard.forEach((at, index) => {
    if (at !== null && at <= seconds && at >= latest) {
      found = index
      latest = at
    }
  })
  return found
}

/** 1:07. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
