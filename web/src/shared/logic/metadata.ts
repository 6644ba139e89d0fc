/**
 * What a camera writes into a photo beside the picture: where it was taken, when, by which device. Of a paper handed in
 * nobody needs it. Taken out without drawing the picture again. Pure.
 */

export interface Stripped {
  bytes: Uint8Array
  /** How the picture is to be turned (Exif, 1 to 8); 1 is as it is. */
  orientation: number
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Texts, Exif, time: PNG 1.2 § 4.2 and its extensions. */
const PNG_NOTES = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME'])

/** `null` for what is neither JPEG nor PNG, or broken. */
export function withoutNotes(bytes: Uint8Array): Stripped | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(bytes)
  return SIGNATURE.every((each, index) => bytes[index] === each) ? png(bytes) : null
}

/** Segments APP1 (Exif, XMP), APP13 (IPTC) and comments go; the colour profile (APP2) stays. ITU-T T.81 annex B. */
function jpeg(bytes: Uint8Array): Stripped | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Uint8Array[] = [bytes.subarray(0, 2)]
  let orientation = 1
  let at = 2
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    // The picture itself.
    if (marker === 0xda) {
      kept.push(bytes.subarray(at))
      return { bytes: joined(kept), orientation }
    }
    const end = at + 2 + view.getUint16(at + 2)
    if (end > bytes.length) return null
    if (marker === 0xe1) orientation = orientationOf(bytes.subarray(at + 4, end)) ?? orientation
    if (marker !== 0xe1 && marker !== 0xed && marker !== 0xfe) kept.push(bytes.subarray(at, end))
    at = end
  }
  return null
}

function png(bytes: Uint8Array): Stripped | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: Uint8Array[] = [bytes.subarray(0, 8)]
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + view.getUint32(at)
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    if (end > bytes.length) return null
    if (!PNG_NOTES.has(kind)) kept.push(bytes.subarray(at, end))
    if (kind === 'IEND') return { bytes: joined(kept), orientation: 1 }
    at = end
  }
  return null
}

/** Tag 0x0112 of the first directory: Exif 2.32 § 4.6.4. */
function orientationOf(segment: Uint8Array): number | null {
  if (String.fromCharCode(...segment.subarray(0, 4)) !== 'Exif' || segment.length < 16) return null
  const view = new DataView(segment.buffer, segment.byteOffset + 6, segment.length - 6)
  const little = view.getUint16(0) === 0x4949
  const first = view.getUint32(4, little)
  if (first + 2 > view.byteLength) return null
  const count = view.getUint16(first, little)
  for (let index = 0; index < count; index += 1) {
    const entry = first + 2 + index * 12
    if (entry + 12 > view.byteLength) return null
    if (view.getUint16(entry, little) !== 0x0112) continue
    const value = view.getUint16(entry + 8, little)
    return value >= 1 && value <= 8 ? value : null
  }
  return null
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0))
  let at = 0
  for (const each of parts) {
    all.set(each, at)
    at += each.length
  }
  return all
}
