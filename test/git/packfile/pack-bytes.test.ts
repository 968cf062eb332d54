import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFully, readUntilFailure } from '../../../src/git/packfile/pack-bytes.ts'
import { temporaryFolder } from '../../support/repo.ts'

test('a short read tells how much there was', () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, 'text')
  const file = openSync(path, 'r')
  const into = new Uint8Array(8)
  expect(readUntilFailure(file, { into, at: 1, length: 6, position: 1 })).toBe(3)
  expect(Buffer.from(into).toString()).toBe('\0ext\0\0\0\0')
  closeSync(file)
})

test.runIf(process.platform === 'linux')('a disk that fails is a short read, of zeros', () => {
  // No process has memory at the address 0, and reading there is EIO.
  const file = openSync('/proc/self/mem', 'r')
  const into = new Uint8Array(8).fill(1)
  const range = { into, at: 2, length: 4, position: 0 }
  expect(() => readFully(file, range)).toThrow('EIO')
  expect(readUntilFailure(file, range)).toBe(0)
  expect([...into]).toEqual([1, 1, 0, 0, 0, 0, 1, 1])
  closeSync(file)
})
