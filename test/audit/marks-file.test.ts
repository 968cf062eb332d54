import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readMarks, writeMarks } from '../../src/audit/marks-file.ts'
import { temporaryFolder } from '../support/repo.ts'

const fingerprint = `oak1-${'a'.repeat(32)}`
const other = `oak1-${'b'.repeat(32)}`
const saved = {
  marks: new Map([
    [fingerprint, 'rotate'],
    [other, 'rewrite'],
  ] as const),
  view: { sort: 'severity', filter: 'aws', selected: fingerprint },
}

const fileOf = (folder: string): string => join(folder, 'oakum', 'audit.json')

/** A folder whose marks file has this content. */
function folderWith(content: string | Buffer): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'oakum'))
  writeFileSync(fileOf(folder), content)
  return folder
}

describe('the marks file', () => {
  test('gives back what was written, and only its owner can read it', () => {
    const folder = temporaryFolder()
    writeMarks(folder, saved)
    expect(readMarks(folder)).toEqual(saved)
    if (process.platform !== 'win32') expect(statSync(fileOf(folder)).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'oakum'))).toEqual(['audit.json'])
  })

  test.each([
    ['no file', temporaryFolder()],
    ['no JSON', folderWith('{')],
    ['an array', folderWith('[]')],
    ['null', folderWith('null')],
    ['bytes that are not UTF-8', folderWith(Buffer.from([0xff, 0xfe, 0]))],
  ])('gives no marks for %s', (_what, folder) => {
    expect([...readMarks(folder).marks]).toEqual([])
  })

  test('ignores marks that are none, and fingerprints that are none', () => {
    const marks = { [fingerprint]: 'rotate', [other]: 'delete', 'oak1-short': 'rotate' }
    const folder = folderWith(JSON.stringify({ version: 1, marks }))
    expect([...readMarks(folder).marks]).toEqual([[fingerprint, 'rotate']])
  })

  test.skipIf(process.platform === 'win32')('follows no symbolic link', () => {
    const target = join(temporaryFolder(), 'precious')
    writeFileSync(target, JSON.stringify({ version: 1, marks: { [fingerprint]: 'rotate' } }))
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'oakum'))
    symlinkSync(target, fileOf(folder))
    expect([...readMarks(folder).marks]).toEqual([])
    writeMarks(folder, { marks: new Map() })
    expect(readFileSync(target, 'utf8')).toContain('rotate')
    const linked = temporaryFolder()
    symlinkSync(temporaryFolder(), join(linked, 'oakum'))
    expect(() => writeMarks(linked, saved)).toThrow('oakum is not a folder')
  })

  test('removes old drafts of killed processes, and no recent ones', () => {
    const folder = folderWith('{}')
    const [old, recent] = ['audit.json.old', 'audit.json.recent'].map((name) =>
      join(folder, 'oakum', name),
    )
    for (const path of [old!, recent!]) writeFileSync(path, '')
    utimesSync(old!, 1_700_000_000, 1_700_000_000)
    writeMarks(folder, saved)
    expect([existsSync(old!), existsSync(recent!)]).toEqual([false, true])
  })
})
