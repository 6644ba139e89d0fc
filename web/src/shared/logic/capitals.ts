/** Sums of money in capital Chinese numerals (GB/T 15835, 中国人民银行 票据填写). */

const DIGITS = '零壹贰叁肆伍陆柒捌玖'
const UNITS = ['', '拾', '佰', '仟']
const GROUPS = ['', '万', '亿', '万亿']

/** `"1286500.00"` → 壹佰贰拾捌万陆仟伍佰元整; `null` for what is no sum. */
export function capitals(amount: string): string | null {
  const read = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(amount.replace(/[,，\s]/g, ''))
  if (!read) return null
  const yuan = whole(read[1] ?? '0')
  const [jiao, fen] = [...(read[2] ?? '').padEnd(2, '0')].map(Number)
  if (!yuan && !jiao && !fen) return '零元整'
  return `${yuan ? `${yuan}元` : ''}${cents(jiao ?? 0, fen ?? 0, yuan !== '')}`
}

function cents(jiao: number, fen: number, afterYuan: boolean): string {
  if (!jiao && !fen) return '整'
  const tens = jiao ? `${DIGITS[jiao]}角` : afterYuan ? '零' : ''
  return `${tens}${fen ? `${DIGITS[fen]}分` : '整'}`
}

function whole(digits: string): string {
  const groups = digits.replace(/^0+/, '').match(/\d{1,4}(?=(\d{4})*$)/g) ?? []
  let said = ''
  let gap = false
  groups.forEach((group, index) => {
    const value = Number(group)
    if (!value) {
      gap = said !== ''
      return
    }
    if (said && (gap || group.startsWith('0'))) said += '零'
    said += `${four(group)}${GROUPS[groups.length - 1 - index]}`
    gap = false
  })
  return said
}

function four(group: string): string {
  let said = ''
  let zero = false
  const digits = [...group].map(Number)
  digits.forEach((digit, place) => {
    if (!digit) {
      zero = said !== ''
      return
    }
    said += `${zero ? '零' : ''}${DIGITS[digit]}${UNITS[digits.length - 1 - place]}`
    zero = false
  })
  return said
}

/** As the contract writes a sum: two decimals, no separators. `null` for what is no sum. */
export function asAmount(typed: string): string | null {
  const read = /^(\d{1,12})(?:\.(\d{0,2}))?$/.exec(typed.replace(/[,，\s]/g, ''))
  if (!read) return null
  return `${(read[1] ?? '0').replace(/^0+(?=\d)/, '')}.${(read[2] ?? '').padEnd(2, '0')}`
}
