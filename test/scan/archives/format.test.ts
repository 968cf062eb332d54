import { spawnSync } from 'node:child_process'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { formatOf, HEAD_BYTES, isArchive } from '../../../src/scan/archives/format.ts'
import { isLfsPointer } from '../../../src/scan/sources/lfs-pointer.ts'
import { instantiate } from '../../../src/git/wasm/instantiate.ts'
import { seededRandom } from '../../support/random.ts'
import { rounds } from '../../support/rounds.ts'

/** First block of a tar, with a checksum of unsigned or of signed bytes. */
function tarHeader(name: string, { magic = '', signed = false, digits = 6 } = {}): Buffer {
  const block = Buffer.alloc(512)
  block.write(name, 0, 'latin1')
  block.write('0000644\0', 100)
  block.write('00000000012\0', 124)
  block.fill(' ', 148, 156)
  block.write(magic, 257, 'latin1')
  const sum = block.reduce(
    (total, byte) => total + (signed && byte >= 0x80 ? byte - 0x100 : byte),
    0,
  )
  block.write(`${sum.toString(8).padStart(digits, digits === 6 ? '0' : ' ')}\0`, 148)
  return block
}

const instance = instantiate()!

/** What the loops say of the same bytes, in memory where something else stands around them. */
function mayBeOfKind(head: Uint8Array): boolean {
  const from = instance.loops.firstFree() + 64
  instance.memory().fill(0x78, from - 64, from + head.length + 64)
  instance.memory().set(head, from)
  return instance.loops.mayNeedWholeBlob(from, from + head.length) === 1
}

test.each([
  ['zip', 'zip', Buffer.from('PK\x03\x04\x14\0', 'latin1')],
  ['an empty zip', 'zip', Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`, 'latin1')],
  ['the first volume of a zip', 'zip', Buffer.from('PK\x07\x08PK\x03\x04', 'latin1')],
  ['a zip that runs', 'zip', Buffer.from('#!/usr/bin/env python3\nPK\x03\x04', 'latin1')],
  ['gzip', 'gzip', gzipSync('text')],
  ['xz', 'xz', Buffer.from('\xfd7zXZ\0', 'latin1')],
  ['zstd', 'zstd', Buffer.from('\x28\xb5\x2f\xfd', 'latin1')],
  ['zstd behind a frame to skip', 'zstd', Buffer.from('\x5f*M\x18\0\0\0\0', 'latin1')],
  ['7z', '7z', Buffer.from("7z\xbc\xaf'\x1c", 'latin1')],
  ['rar', 'rar', Buffer.from('Rar!\x1a\x07\x01\0', 'latin1')],
  ['bzip2', 'bzip2', Buffer.from('BZh91AY&SY', 'latin1')],
  ['empty bzip2', 'bzip2', Buffer.from('BZh9\x17\x72\x45\x38\x50\x90', 'latin1')],
  ['a database', 'sqlite', Buffer.from('SQLite format 3\0')],
  ['compiled Python', 'python', Buffer.from('\xa7\r\r\n', 'latin1')],
  ['tar', 'tar', tarHeader('a.txt', { magic: 'ustar\x0000' })],
  ['a tar of the first kind', 'tar', tarHeader('a.txt')],
  ['a tar whose sum begins with a space', 'tar', tarHeader('a.txt', { digits: 7 })],
  ['a tar with a name that is not ASCII', 'tar', tarHeader('caf\xe9.txt')],
  ['a tar with a checksum of signed bytes', 'tar', tarHeader('caf\xe9.txt', { signed: true })],
])('%s is recognized by its first bytes', (_name, format, head) => {
  expect(formatOf(head)).toBe(format)
  expect(isArchive(head)).toBe(true)
  expect(mayBeOfKind(head)).toBe(true)
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(HEAD_BYTES)],
  ['text', Buffer.from('a = 1\n'.repeat(200))],
  ['text about zips', Buffer.from('PK is how they begin')],
  ['a script', Buffer.from('#!/bin/sh\necho PK\n')],
  ['a deflated stream without a name for itself', deflateSync('text')],
  ['brotli', brotliCompressSync('text')],
  ['the word ustar where a tar has it', Buffer.from(`${'x'.repeat(257)}ustar${'x'.repeat(300)}`)],
  ['half of a tar', tarHeader('a.txt').subarray(0, 500)],
  ['a tar whose sum is wrong', Buffer.concat([Buffer.from('b'), tarHeader('a.txt').subarray(1)])],
])('%s is no archive', (_name, head) => {
  expect(formatOf(head)).toBeUndefined()
  expect(isArchive(head)).toBe(false)
})

test.each([
  ['tar', ['tar', 'cf', '-', 'package.json']],
  ['tar', ['tar', '--format=v7', '-cf', '-', 'package.json']],
  ['gzip', ['gzip', '-c', 'package.json']],
  ['bzip2', ['bzip2', '-c', 'package.json']],
  ['xz', ['xz', '-c', 'package.json']],
  ['zstd', ['zstd', '-qc', 'package.json']],
  ['zip', ['zip', '-q', '-', 'package.json']],
] as const)('%s is recognized as the program %j writes it', (format, [program, ...args]) => {
  const { stdout, error } = spawnSync(program, args)
  if (error !== undefined) return
  expect(formatOf(stdout.subarray(0, HEAD_BYTES))).toBe(format)
})

test('random bytes are no tar', () => {
  const random = seededRandom(11)
  for (let round = 0; round < rounds(2000); round += 1)
    expect(
      formatOf(Buffer.from(Array.from({ length: HEAD_BYTES }, () => Math.floor(random() * 256)))),
    ).not.toBe('tar')
})

test('pointers of Git LFS may be of a kind, by the loops too', () => {
  const pointer = Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:')
  expect(isLfsPointer(pointer)).toBe(true)
  expect(mayBeOfKind(pointer)).toBe(true)
})

test('the loops pass by what is of no kind, mostly, and never what is', () => {
  for (const text of [
    '',
    'a = 1\n'.repeat(200),
    '/* some words */\n'.repeat(50),
    `${' '.repeat(600)}indented`,
    '<?xml version="1.0"?>',
  ])
    expect(mayBeOfKind(Buffer.from(text))).toBe(false)
  const random = seededRandom(5)
  let kinds = 0
  for (let round = 0; round < rounds(20_000); round += 1) {
    const head = tarHeader(String.fromCharCode(97 + random() * 26), {
      digits: 6 + Math.round(random()),
    })
    // Near the sum and the first bytes, where it matters.
    for (let changes = Math.floor(random() * 3); changes > 0; changes -= 1)
      head[Math.floor(random() * 4) + (random() < 0.5 ? 0 : 148 + Math.floor(random() * 6))] = [
        0x20,
        0,
        0x30,
        0x0d,
        0x0a,
        Math.floor(random() * 256),
      ][Math.floor(random() * 6)]!
    if (!isArchive(head)) continue
    kinds += 1
    expect(mayBeOfKind(head)).toBe(true)
  }
  expect(kinds).toBeGreaterThan(rounds(1000))
})
