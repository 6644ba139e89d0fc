/** Shares as fractions, added without rounding. */

export interface Fraction {
  over: bigint
  under: bigint
}

/** `"1/2"`, `"0"` or `"1"`; `null` for what is no fraction. */
export function fraction(typed: string): Fraction | null {
  const read = /^(\d{1,6})(?:\/(\d{1,6}))?$/.exec(typed.trim())
  if (!read?.[1]) return null
  const under = BigInt(read[2] ?? '1')
  return under === 0n ? null : { over: BigInt(read[1]), under }
}

/** The sum in lowest terms, `"1"` or `"5/6"`; `null` if one of them is no fraction. */
export function sumOf(typed: string[]): string | null {
  let total: Fraction = { over: 0n, under: 1n }
  for (const each of typed) {
    const next = fraction(each)
    if (!next) return null
    total = { over: total.over * next.under + next.over * total.under, under: total.under * next.under }
  }
  const common = divisor(total.over, total.under)
  const [over, under] = [total.over / common, total.under / common]
  return under === 1n ? `${over}` : `${over}/${under}`
}

function divisor(one: bigint, other: bigint): bigint {
  return other === 0n ? one || 1n : divisor(other, one % other)
}
