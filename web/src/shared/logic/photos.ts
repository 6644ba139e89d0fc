/** Photos made small enough to travel: a page of paper needs no twelve million points. */

import { withoutNotes } from './metadata'
import { type Corners, flatSize, flattened, type Size } from './straighten'

const LONGEST_SIDE = 2400
const WORTH_IT = 900_000

/** What the service shows of a photo of a document is no larger. */
export const DOCUMENT_SIDE = 2560

/** Points of the shorter side below which no photo of a document is taken. */
export const LEAST_SIDE = 600

/** How large a picture becomes that may be so long; never larger than it is. */
export function scaledSize({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/**
 * The file itself unless it is a photo: of that, a JPEG small enough to travel, turned the right way up. Where and when
 * a photo was taken goes in any case.
 */
export async function compressed(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file
  const bare = await withoutPlace(file)
  if (bare && bare.size < WORTH_IT) return bare
  try {
    const made = await asJpeg(await drawn(file, LONGEST_SIDE), file, 0.86)
    return bare && made.size >= bare.size ? bare : made
  } catch {
    // A kind of picture this device cannot read: the service will say what it takes.
    return bare ?? file
  }
}

/** The same picture without its notes; `null` where it has to be drawn again for that. */
async function withoutPlace(file: File): Promise<File | null> {
  const found = withoutNotes(new Uint8Array(await file.arrayBuffer()))
  if (!found || found.orientation !== 1) return null
  return found.bytes.length === file.size ? file : new File([found.bytes as BlobPart], file.name, { type: file.type, lastModified: file.lastModified })
}

/** A picture on a canvas, the right way up, no longer than that. Throws where this device cannot read it. */
export async function drawn(file: Blob, longest: number): Promise<HTMLCanvasElement> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const canvas = canvasOf(scaledSize(bitmap, longest))
  penOf(canvas).drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  return canvas
}

/** Turned right by a quarter. */
export function turned(source: HTMLCanvasElement): HTMLCanvasElement {
  const canvas = canvasOf({ width: source.height, height: source.width })
  const pen = penOf(canvas)
  pen.translate(canvas.width, 0)
  pen.rotate(Math.PI / 2)
  pen.drawImage(source, 0, 0)
  return canvas
}

/** What is within the corners, flat. */
export function straightened(source: HTMLCanvasElement, corners: Corners): HTMLCanvasElement {
  const canvas = canvasOf(flatSize(corners))
  const into = penOf(canvas).createImageData(canvas.width, canvas.height)
  flattened(penOf(source).getImageData(0, 0, source.width, source.height), corners, into)
  penOf(canvas).putImageData(into, 0, 0)
  return canvas
}

export async function asJpeg(canvas: HTMLCanvasElement, file: File, quality = 0.9): Promise<File> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
  if (!blob) throw new Error('no picture was made')
  return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg', lastModified: file.lastModified })
}

function canvasOf({ width, height }: Size): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  return canvas
}

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) throw new Error('this device draws no pictures')
  return pen
}
