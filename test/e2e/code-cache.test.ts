/** What V8 compiled is kept for the next hook, and never changes what a hook says. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { projectRoot } from '../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'

let installed: string
let folder: string

/** A copy of the program, as if just installed. */
beforeEach(() => {
  installed = temporaryFolder()
  folder = join(installed, 'dist/code-cache')
  for (const name of ['dist', 'package.json'])
    cpSync(join(projectRoot, name), join(installed, name), {
      recursive: true,
      filter: (path) => !path.includes('code-cache'),
    })
  symlinkSync(join(projectRoot, 'node_modules'), join(installed, 'node_modules'), 'dir')
})

/** What `oakum staged` says, without how long it took. */
function said(repo: Repo): string {
  return execFileSync(process.execPath, [join(installed, 'dist/cli/bin.cjs'), 'staged'], {
    cwd: repo.path,
    env: isolatedEnv,
    encoding: 'utf8',
  }).replace(/in [\d.]+ m?s\b.*/, '')
}

const kept = (): Readonly<Record<string, Buffer>> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))
const pieces = ['cli-process-staged', 'quick-judge-staged']

describe('code that is compiled', () => {
  test('is kept by the text it is of and the Node that made it, and used as it is', () => {
    const clean = Repo.staged({ 'a.ts': 'export {}\n' })
    const first = said(clean)
    expect(first).toContain('No secrets found')
    const names = Object.keys(kept())
    expect(
      names.map((name) => name.slice(0, -`-${process.version}-${process.arch}`.length)).sort(),
    ).toEqual(
      pieces.map(
        (piece) =>
          `${piece}-${createHash('sha256')
            .update(
              readFileSync(
                join(installed, 'dist', `${piece.replace('-staged', '').replace('-', '/')}.cjs`),
              ),
            )
            .digest('hex')
            .slice(0, 16)}`,
      ),
    )
    const made = names.map((name) => statSync(join(folder, name)).ino)
    expect(said(clean)).toBe(first)
    expect(names.map((name) => statSync(join(folder, name)).ino)).toEqual(made)
  })

  test('is kept of the whole program for each command, when it came to its end', () => {
    const { path } = Repo.staged({ 'a.ts': 'export {}\n' })
    const run = (...args: readonly string[]): number | null =>
      spawnSync(process.execPath, [join(installed, 'dist/cli/bin.cjs'), ...args], {
        cwd: path,
        env: isolatedEnv,
      }).status
    expect(run('scan', '--bogus')).toBe(2)
    expect(existsSync(folder)).toBe(false)
    for (const words of [['scan'], ['rules', 'list'], ['scan']]) expect(run(...words)).toBe(0)
    expect(
      readdirSync(folder)
        .map((name) => /^\w+-\w+-\w+/.exec(name)?.[0])
        .sort(),
    ).toEqual(['cli-main-rules', 'cli-main-scan', 'cli-process-rules', 'cli-process-scan'])
  })

  test('is kept of what ran at the start alone too, however often memory is cleared since', () => {
    const { path } = Repo.staged(
      Object.fromEntries(
        Array.from({ length: 60 }, (_, at) => [`${at}.ts`, `export const n = ${at}\n`]),
      ),
    )
    const clearing = join(installed, 'clearing.cjs')
    writeFileSync(
      clearing,
      'globalThis.filling = setInterval(() => Array.from({ length: 30_000 }, (_, at) => ({ at })), 1).unref()\n',
    )
    const sizes = [[], ['--gc-global', '--require', clearing]].map((options) => {
      rmSync(folder, { recursive: true, force: true })
      expect(
        spawnSync(process.execPath, [...options, join(installed, 'dist/cli/bin.cjs'), 'scan'], {
          cwd: path,
          env: isolatedEnv,
        }).status,
      ).toBe(0)
      return Object.values(kept()).reduce((sum, { length }) => sum + length, 0)
    })
    expect(sizes[1]).toBeGreaterThan(0.95 * sizes[0]!)
  })

  test('is kept of what later commits need, even where the first one is stopped', () => {
    expect(() =>
      said(
        Repo.staged({
          'a.ini': `aws_access_key_id = ${awsPair(4101).id}\naws_secret_access_key = ${awsPair(4101).secret}\n`,
        }),
      ),
    ).toThrow(expect.objectContaining({ status: 1 }))
    expect(
      readdirSync(folder)
        .map((name) => /^\w+-\w+-\w+/.exec(name)?.[0])
        .sort(),
    ).toEqual(['cli-main-staged', ...pieces].sort())
    const before = kept()
    said(Repo.staged({ 'a.ts': 'export {}\n' }))
    expect(kept()).toEqual(before)
  })

  test('finds what is to be found', () => {
    said(Repo.staged({ 'a.ts': 'export {}\n' }))
    const { id, secret } = awsPair(4100)
    expect(() =>
      said(
        Repo.staged({ 'a.ini': `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n` }),
      ),
    ).toThrow(expect.objectContaining({ status: 1 }))
    expect(Object.values(kept()).some((bytes) => bytes.includes(secret))).toBe(false)
  })

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['is empty', () => Buffer.alloc(0)],
    ['is cut off', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['is something else', (bytes) => Buffer.alloc(bytes.length, 'x')],
    [
      'is of another Node',
      (bytes) =>
        Buffer.concat([bytes.subarray(0, 4), Buffer.from([1, 2, 3, 4]), bytes.subarray(8)]),
    ],
  ])('is made again where what was kept %s', (_what, change) => {
    const clean = Repo.staged({ 'a.ts': 'export {}\n', '.env.example': 'PORT=3000\n' })
    const first = said(clean)
    for (const [name, bytes] of Object.entries(kept()))
      writeFileSync(join(folder, name), change(bytes))
    expect(said(clean)).toBe(first)
    for (const bytes of Object.values(kept())) expect(bytes.equals(change(bytes))).toBe(false)
    expect(said(clean)).toBe(first)
  })

  test('is done without where nothing can be written', () => {
    const clean = Repo.staged({ 'a.ts': 'export {}\n' })
    const first = said(clean)
    rmSync(folder, { recursive: true })
    writeFileSync(folder, '')
    expect(said(clean)).toBe(first)
    expect(readFileSync(folder, 'utf8')).toBe('')
  })
})
