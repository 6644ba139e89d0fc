import { expect, test } from 'vitest'
import { asPem, certificateDigest } from './pem'

const DER = new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x01])

test('what is PEM stays as it is', () => {
  const pem = asPem(DER)
  expect(asPem(new TextEncoder().encode(pem))).toBe(pem)
})

test('DER is wrapped, lines of 64 at most', () => {
  const pem = asPem(new Uint8Array(100).fill(7))
  expect(pem.startsWith('-----BEGIN CERTIFICATE-----\n')).toBe(true)
  expect(Math.max(...pem.split('\n').map((line) => line.length))).toBe(64)
})

test('the digest is of the DER, whichever form came', async () => {
  const digest = await certificateDigest(asPem(DER))
  expect(digest).toBe('1b65f68a522c858715f5dd951cd0402dc16691778814bf0759822b7a257421d0')
  expect(await certificateDigest(asPem(new TextEncoder().encode(asPem(DER))))).toBe(digest)
  expect(await certificateDigest('no certificate')).toBe('')
})
