/** Light, dark or as the device says; ordinary or large print. Kept on the device. */

import { computed, ref, watchEffect } from 'vue'

export type Shade = 'auto' | 'light' | 'dark'

function kept(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // It will be asked for again.
  }
}

const dark = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-color-scheme: dark)')
const deviceIsDark = ref(dark?.matches ?? false)
dark?.addEventListener?.('change', (event) => (deviceIsDark.value = event.matches))

export const shade = ref<Shade>((kept('shade') as Shade | null) ?? 'auto')
export const largePrint = ref(kept('large-print') === 'yes')
export const isDark = computed(() => (shade.value === 'auto' ? deviceIsDark.value : shade.value === 'dark'))

/** Keeps the document in step; called once by each entry. */
export function applyTheme(): void {
  watchEffect(() => {
    const root = document.documentElement
    root.classList.toggle('dark', isDark.value)
    root.classList.toggle('van-theme-dark', isDark.value)
    root.classList.toggle('large-print', largePrint.value)
    keep('shade', shade.value)
    keep('large-print', largePrint.value ? 'yes' : 'no')
  })
}
