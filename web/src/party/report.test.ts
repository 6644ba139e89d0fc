import { describe, expect, it } from 'vitest'
import { archiveStamps, calledBy, filingCode, pagesToSee, progressOf, shown, worthSaying, type Finding, type Report, type Signature } from './report'

function signature(name: string, end: number, more: Partial<Signature> = {}): Signature {
  return {
    field: name,
    kind: 'approval',
    signer: { common_name: name, subject: `CN=${name}`, issuer: 'CN=x' },
    level: 'B-T',
    signed_at: { claimed_at: null, proven_at: null, proof: 'time_stamp', source: null },
    intact: true,
    trusted: true,
    covers: { whole_file: false, revision: 1, revisions: 3, end_offset: end },
    changes: [],
    verdict: 'passed',
    sub_indication: null,
    ...more,
  }
}

function finding(zh: string, page: number | null, more: Partial<Finding> = {}): Finding {
  return { code: 'change.other', severity: 'error', zh, en: zh, field: null, page, ...more }
}

function report(signatures: Signature[], findings: Finding[] = []): Report {
  const file = { size_bytes: 1, sha256: null, pages: 3, revisions: 3 }
  return { verdict: 'failed', integrity: 'altered', verified_at: '2026-11-21T00:00:00Z', file, signatures, findings }
}

describe('what is read out of a report', () => {
  it('counts signatures made and still to come until the authority has put on its stamp', () => {
    const open = (...fields: string[]) => fields.map((field) => finding('', null, { code: 'field.unsigned', severity: 'info', field }))
    const text = signature('', 100, { kind: 'certification' })
    const begun = report([text, signature('seller-1', 200)], open('seller-2', 'buyer-1', 'filing-stamp'))
    expect(progressOf(begun)).toEqual({ signed: 1, all: 3, unfiled: true })
    expect(progressOf(report([text, signature('seller-1', 200)], open('filing-stamp')))).toEqual({ signed: 1, all: 1, unfiled: true })
    expect(progressOf(report([signature('A', 200)], open('B')))).toEqual({ signed: 1, all: 2, unfiled: false })
    // Signed by hand: fields stay open in a contract that is filed.
    expect(progressOf(report([text, signature('filing-stamp', 300)], open('seller-1')))).toBeNull()
    expect(progressOf(report([signature('A', 200)]))).toBeNull()
  })

  it('shows a page against whoever signed first before it was changed', () => {
    const change = { kind: 'page_content', suspicious: true, page: 2 }
    const made = report([signature('late', 900, { changes: [change] }), signature('early', 500, { changes: [change] })])
    expect(pagesToSee(made)).toEqual([{ page: 2, signedEnd: 500, signer: 'early' }])
  })

  it('shows pages that only findings name, without an outline where nobody signed', () => {
    const made = report([signature('a', 500)], [finding('x', 3, { field: 'a' }), finding('y', 1), finding('z', null)])
    expect(pagesToSee(made)).toEqual([
      { page: 1, signedEnd: null, signer: null },
      { page: 3, signedEnd: 500, signer: 'a' },
    ])
  })

  it('passes over changes that may be', () => {
    expect(pagesToSee(report([signature('a', 500, { changes: [{ kind: 'signature', suspicious: false, page: 1 }] })]))).toEqual([])
  })

  it('says a sentence once, and no mere information', () => {
    const made = report([], [finding('x', 1), finding('x', 1), finding('x', 2), finding('i', 1, { severity: 'info' })])
    expect(worthSaying(made).map((each) => [each.zh, each.page])).toEqual([
      ['x', 1],
      ['x', 2],
    ])
  })

  it('tells archive time-stamps in one sentence unless one is bad', () => {
    const good = signature('t', 900, { kind: 'document_timestamp' })
    const bad = signature('u', 950, { kind: 'document_timestamp', verdict: 'failed' })
    const made = report([signature('a', 500), good, bad])
    expect(archiveStamps(made)).toEqual([good])
    expect(shown(made).map((each) => each.field)).toEqual(['a', 'u'])
  })
})

describe('names and codes', () => {
  it.each([
    ['CN=签署CA,O=示例,C=CN', '签署CA'],
    ['C=CN,O=x,CN=A\\, B', 'A, B'],
    ['O=only', 'O=only'],
  ])('%s is called %s', (name, called) => expect(calledBy(name)).toBe(called))

  it.each([
    ['https://verify.example/f/2026112100000017', '2026112100000017'],
    ['https://sign.example/c/2026112100000017/?from=wx#x', '2026112100000017'],
    [' 黄房备字2026第000017号 ', '黄房备字2026第000017号'],
    ['two words', ''],
    ['', ''],
  ])('%s holds %s', (text, code) => expect(filingCode(text)).toBe(code))
})
