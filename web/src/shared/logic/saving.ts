/** Files made or fetched by a page, to the device or to somebody else. */

/** As a download. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // Some browsers begin to read it only after the click.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** Through the device's own sheet. False where there is none that takes it; true also if the person changed their mind. */
export async function share(what: ShareData): Promise<boolean> {
  if (typeof navigator.share !== 'function' || navigator.canShare?.(what) === false) return false
  try {
    await navigator.share(what)
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== 'AbortError') return false
  }
  return true
}

/** True if the text is on the clipboard now. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
