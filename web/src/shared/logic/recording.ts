/** What a recorder is asked for, and whether what it made is long enough. Pure. */

const TYPES = [
  'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
  'video/webm;codecs=vp9,opus',
  'video/webm;codecs=vp8,opus',
  'video/webm',
  'video/mp4',
] as const

/** What notaries' browsers all play comes first; `null` where nothing can be recorded. */
export function mediaTypeOf(isSupported: (type: string) => boolean): string | null {
  return TYPES.find(isSupported) ?? null
}

export function lengthFault(seconds: number, shortest: number, longest: number): 'short' | 'long' | null {
  if (seconds < shortest) return 'short'
  return seconds > longest ? 'long' : null
}

/** Digits are read one by one, so a sentence in Chinese is spoken as Chinese. */
export function languageOf(text: string): 'zh-CN' | 'en' {
  return /\p{Script=Han}/u.test(text.slice(0, 2)) ? 'zh-CN' : 'en'
}
