import { beforeEach, describe, expect, it } from 'vitest'
import { asAmount, capitals } from './capitals'
import { draftKey, dropDraftsOf, loadDraft, saveDraft } from './drafts'
import { creditCodeFault, idNumberFault, isMobile, residentIdFault } from './idNumber'
import { boxesOf } from './names'
import { sumOf } from './shares'
import { MOST_POINTS, Writing } from './strokes'

describe('numbers of documents', () => {
  it.each([
    ['420200198812120039', null],
    ['４２０２００１９８８１２１２００３９', null],
    ['420200198812120038', 'checksum'],
    ['420200198813120039', 'date'],
    ['42020019881212003', 'length'],
    ['42020019881212003Y', 'characters'],
  ])('%s: %s', (number, fault) => expect(residentIdFault(number)).toBe(fault))

  it.each([
    ['91350100M000100Y43', null],
    ['91350100M000100Y44', 'checksum'],
    ['91350100M000100Y4', 'length'],
    ['91350100I000100Y43', 'characters'],
  ])('%s: %s', (code, fault) => expect(creditCodeFault(code)).toBe(fault))

  it('a passport has no public checksum', () => expect(idNumberFault('passport', 'E12345678')).toBeNull())
  it('a telephone', () => expect([isMobile('138 0000 0001'), isMobile('12800000001')]).toEqual([true, false]))
})

describe('capitals', () => {
  it.each([
    ['1286500.00', '壹佰贰拾捌万陆仟伍佰元整'],
    ['100000000', '壹亿元整'],
    ['100010001.05', '壹亿零壹万零壹元零伍分'],
    ['10.50', '壹拾元伍角整'],
    ['0.07', '柒分'],
    ['1005.3', '壹仟零伍元叁角整'],
    ['1000200', '壹佰万零贰佰元整'],
    ['1,286,500', '壹佰贰拾捌万陆仟伍佰元整'],
    ['0', '零元整'],
    ['12a', null],
  ])('%s: %s', (amount, said) => expect(capitals(amount)).toBe(said))

  it('as the contract writes it', () => expect([asAmount('1,286,500'), asAmount('007.5'), asAmount('x')]).toEqual(['1286500.00', '7.50', null]))
})

describe('shares', () => {
  it.each([
    [['1/2', '1/2'], '1'],
    [['1/3', '1/3', '1/6'], '5/6'],
    [['0', '1'], '1'],
    [['1/0'], null],
  ])('%s: %s', (typed, sum) => expect(sumOf(typed)).toBe(sum))
})

describe('boxes to write a name in', () => {
  it.each([
    ['陈建国', ['陈', '建', '国']],
    ['𠮷田𪚥', ['𠮷', '田', '𪚥']],
    ['阿卜杜拉·买买提', ['阿', '卜', '杜', '拉', '买', '买', '提']],
    ['阿•迪・力', ['阿', '迪', '力']],
    ['葛\u{E0100}一', ['葛\u{E0100}', '一']],
    ['张\uE815', ['张', '\uE815']],
    ['Jane Doe', ['Jane Doe']],
    ['欧阳 娜', ['欧', '阳', '娜']],
    ['阿卜杜热西提·麦麦提图尔荪', ['阿卜杜热西提·麦麦提图尔荪']],
  ])('%s', (name, boxes) => expect(boxesOf(name)).toEqual(boxes))
})

describe('strokes', () => {
  it('keep a pressure of a half where the pen measures', () => {
    const writing = new Writing(600, 200)
    writing.down(1, 1, 0, 0.5)
    writing.add(2, 2, 8, 0.5)
    writing.up()
    writing.down(1, 1, 100, 0.42)
    writing.add(2, 2, 108, 0.5)
    expect(writing.toDocument().strokes.map((stroke) => stroke.map((point) => point[3]))).toEqual([[undefined, undefined], [0.42, 0.5]])
  })

  it('are taken back while they are written', () => {
    const writing = new Writing(600, 200)
    writing.down(1, 1, 0, 0)
    writing.takeBack()
    writing.add(2, 2, 10, 0)
    expect(writing.isEmpty).toBe(true)
  })

  it('are what was written, in the form of the schema', () => {
    const writing = new Writing(600, 200)
    writing.down(10.123, 20, 5000, 0.42)
    writing.add(11, 21, 5016.66, 0.43)
    writing.up()
    writing.down(400, 20, 6000, 0)
    writing.up()
    expect(writing.toDocument()).toEqual({
      version: 1,
      canvas: { width: 600, height: 200 },
      strokes: [[[10.12, 20, 0, 0.42], [11, 21, 16.7, 0.43]], [[400, 20, 1000]]],
    })
    expect(writing.boxesWritten(3)).toEqual([true, false, true])
  })

  it('never run backwards in time', () => {
    const writing = new Writing(600, 200)
    writing.down(1, 1, 100, 0)
    writing.add(2, 2, 90, 0)
    expect(writing.all[0]?.map(([, , t]) => t)).toEqual([0, 0])
  })

  it('are taken back one by one', () => {
    const writing = new Writing(600, 200)
    writing.down(1, 1, 1, 0)
    writing.up()
    writing.undo()
    expect(writing.isEmpty).toBe(true)
  })

  it('stay within what the service takes', () => {
    const writing = new Writing(600, 200)
    writing.down(0, 0, 0, 0)
    for (let index = 0; index < MOST_POINTS + 50; index += 1) writing.add(index % 600, index / 600, index, 0)
    expect(writing.all[0]?.length).toBe(MOST_POINTS)
  })

  it('move along when the telephone is turned', () => {
    const writing = new Writing(600, 200)
    writing.down(600, 200, 0, 0)
    writing.resize(300, 200)
    expect(writing.all[0]?.[0]?.slice(0, 2)).toEqual([300, 100])
  })
})

describe('drafts', () => {
  beforeEach(() => localStorage.clear())

  it('come back, until they are old', () => {
    const key = draftKey('a', '1', 'save-clauses')
    saveDraft(key, { price: '1' }, 1000)
    expect(loadDraft(key, 2000)).toEqual({ price: '1' })
    expect(loadDraft(key, 1000 + 31 * 24 * 3600 * 1000)).toBeNull()
  })

  it("go with their account's logging out, others' stay", () => {
    saveDraft(draftKey('a', '1', 'x'), 1)
    saveDraft(draftKey('b', '1', 'x'), 2)
    dropDraftsOf('a')
    expect([loadDraft(draftKey('a', '1', 'x')), loadDraft(draftKey('b', '1', 'x'))]).toEqual([null, 2])
  })
})
