/** Times as people of the service read them: of China, whatever the device's own zone is. */

import { language } from '@/shared/i18n/language'

const ZONE = 'Asia/Shanghai'

export function dateTime(iso: string | null | undefined): string {
  if (!iso) return '—'
  return new Intl.DateTimeFormat(locale(), {
    timeZone: ZONE,
    year: 'numeric',
    month: language.value === 'zh' ? '2-digit' : 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(new Date(iso))
}

export function exactTime(iso: string | null | undefined): string {
  if (!iso) return '—'
  return `${dateTime(iso)}:${new Date(iso).getUTCSeconds().toString().padStart(2, '0')} ${language.value === 'zh' ? '北京时间' : 'China time'}`
}

export function day(iso: string | null | undefined): string {
  if (!iso) return '—'
  const read = iso.length === 10 ? `${iso}T00:00:00+08:00` : iso
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, year: 'numeric', month: 'short', day: 'numeric' }).format(
    new Date(read),
  )
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
  return new Intl.NumberFormat(locale(), { style: 'currency', currency: 'CNY' }).format(read)
}

export function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function locale(): string {
  return language.value === 'zh' ? 'zh-CN' : 'en-GB'
}
