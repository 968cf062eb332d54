import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  applyAll,
  type FileChange,
  isRealFolder,
  readFileContent,
} from '../../../src/setup/install/changes.ts'
import { bytesIn } from '../../support/hooked.ts'
import { temporaryFolder } from '../../support/repo.ts'

function change(path: string, text: string | undefined): FileChange {
  return {
    path,
    before: readFileContent(path),
    after: text === undefined ? undefined : { bytes: Buffer.from(text), mode: 0o750 },
    summary: '',
  }
}

describe('applyAll', () => {
  test('creates files and folders, with their permissions', async () => {
    const folder = temporaryFolder()
    await applyAll([change(join(folder, 'a/b/c'), 'text')])
    expect(bytesIn(folder)).toEqual({ 'a/b/c': '750 text' })
  })

  test('undoes all earlier changes after a failure, folders and permissions too', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'old'), 'old')
    chmodSync(join(folder, 'old'), 0o640)
    writeFileSync(join(folder, 'gone'), 'here')
    const before = bytesIn(folder)
    const undone: string[] = []
    const step = {
      summary: '',
      apply: async () => undefined,
      undo: async () => void undone.push('step'),
    }
    const failing = { ...step, apply: () => Promise.reject(new Error('no')) }
    await expect(
      applyAll(
        [
          change(join(folder, 'new/file'), 'x'),
          change(join(folder, 'old'), 'y'),
          change(join(folder, 'gone'), undefined),
        ],
        [step, failing],
      ),
    ).rejects.toThrow('no')
    expect(bytesIn(folder)).toEqual(before)
    expect(existsSync(join(folder, 'new'))).toBe(false)
    expect(undone).toEqual(['step'])
  })

  test('does not overwrite a file that another program changed meanwhile', async () => {
    const folder = temporaryFolder()
    const planned = change(join(folder, 'a'), 'ours')
    writeFileSync(join(folder, 'a'), 'theirs')
    await expect(applyAll([planned])).rejects.toThrow('was changed by another program')
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('theirs')
  })
})

describe('anything but a regular file is refused', () => {
  test('a link, a folder, and a link to a hooks folder', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'target'), '')
    symlinkSync('target', join(folder, 'link'))
    symlinkSync('nowhere', join(folder, 'dangling'))
    mkdirSync(join(folder, 'dir'))
    symlinkSync('dir', join(folder, 'dirlink'))
    expect(() => readFileContent(join(folder, 'link'))).toThrow('is a symbolic link')
    expect(() => readFileContent(join(folder, 'dangling'))).toThrow('is a symbolic link')
    expect(() => readFileContent(join(folder, 'dir'))).toThrow('is a folder')
    expect(() => isRealFolder(join(folder, 'dirlink'))).toThrow('is a symbolic link')
    expect(() => isRealFolder(join(folder, 'target'))).toThrow('is not a folder')
    expect(readFileContent(join(folder, 'none'))).toBeUndefined()
  })
})
