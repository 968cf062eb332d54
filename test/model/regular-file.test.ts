import { spawnSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  OPEN_FLAGS_WITHOUT_LINKS,
  openRegularFile,
  readRegularFile,
} from '../../src/model/regular-file.ts'
import { temporaryFolder } from '../support/repo.ts'

describe.skipIf(process.platform === 'win32')('a file that is opened', () => {
  test('is a regular one', () => {
    const folder = temporaryFolder()
    const [file, fifo, link] = ['file', 'fifo', 'link'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    writeFileSync(file, 'text')
    symlinkSync(file, link)
    spawnSync('mkfifo', [fifo])
    expect(readRegularFile(file).toString()).toBe('text')
    expect(readRegularFile(link).toString()).toBe('text')
    expect(() => openRegularFile(link, OPEN_FLAGS_WITHOUT_LINKS)).toThrow('ELOOP')
    for (const path of [fifo, '/dev/zero', '/dev/null'])
      expect(() => readRegularFile(path)).toThrow('EFTYPE: not a regular file')
    expect(() => readRegularFile(folder)).toThrow('EISDIR')
  })
})
