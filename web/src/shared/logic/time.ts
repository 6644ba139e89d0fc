/** Times as people of the service read them: of China, whatever the device's own zone is. */

import { language } from '@/shared/i18n/language'

const ZONE = 'Asia/Shanghai'

/** China keeps one time all year: +08:00. */
const OFFSET = '+08:00'

/** With the zone said where the device keeps another: nobody takes it for their own time. */
export function dateTime(iso: string | null | undefined): string {
  if (!iso) return '—'
  const read = new Date(iso)
  return read.getTimezoneOffset() === -480 ? minutes(read) : `${minutes(read)} ${zoneName()}`
}

function minutes(at: Date): string {
  return new Intl.DateTimeFormat(locale(), {
    timeZone: ZONE,
    year: 'numeric',
    month: language.value === 'zh' ? '2-digit' : 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(at)
}

export function exactTime(iso: string | null | undefined): string {
  if (!iso) return '—'
  const read = new Date(iso)
  return `${minutes(read)}:${read.getUTCSeconds().toString().padStart(2, '0')} ${zoneName()}`
}

function zoneName(): string {
  return language.value === 'zh' ? '北京时间' : 'China time'
}

/** What was put into a field of day and time, which is of China too, as the service takes it. */
export function moment(typed: string): string {
  const at = new Date(`${typed.length === 16 ? `${typed}:00` : typed}${OFFSET}`)
  return Number.isNaN(at.getTime()) ? typed : at.toISOString()
}

/** Hours and minutes, of today. */
export function clock(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(iso))
}

export function day(iso: string | null | undefined): string {
  if (!iso) return '—'
  const read = iso.length === 10 ? `${iso}T00:00:00${OFFSET}` : iso
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, year: 'numeric', month: 'short', day: 'numeric' }).format(
    new Date(read),
  )
}

/** The day in China as forms have it: 2026-11-21. */
export function dateOf(moment: Date): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(moment)
}

/** "5 minutes ago", as far as a day; then the day. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000)
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  if (Math.abs(seconds) < 60) return relative.format(0, 'minute')
  if (Math.abs(seconds) < 3600) return relative.format(Math.trunc(seconds / 60), 'minute')
  if (Math.abs(seconds) < 86_400) return relative.format(Math.trunc(seconds / 3600), 'hour')
  return day(iso)
}

export function money(amount: unknown): string {
  const read = Number(amount)
  if (!Number.isFinite(read)) return '—'
  return new Intl.NumberFormat(locale(), { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol' }).format(read)
}

export function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function locale(): string {
  return language.value === 'zh' ? 'zh-CN' : 'en-GB'
}
