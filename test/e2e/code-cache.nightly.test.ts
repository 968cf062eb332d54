/** The code cache of V8: it is used by the next run, and never changes what a run reports. */
import { execFileSync, spawnSync } from 'node:child_process'
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

/** Copies the program, as if it was just installed. */
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

/** Runs `oakum staged` and returns its report, without the duration. */
function runStaged(repo: Repo): string {
  return execFileSync(process.execPath, [join(installed, 'dist/cli/bin.cjs'), 'staged'], {
    cwd: repo.path,
    env: isolatedEnv,
    encoding: 'utf8',
  }).replace(/in [\d.]+ m?s\b.*/, '')
}

const cacheFiles = (): Readonly<Record<string, Buffer>> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]))

/** Bundles that a hook loads and runs for later hooks: `dist/<name>.cjs`. */
const hookBundles = ['cli/process', 'staged-fast-path/evaluate-candidates']
const cacheNames = (bundles: readonly string[], command: string): readonly string[] =>
  bundles.map(
    (bundle) => `${bundle.replace('/', '-')}-${command}-${process.version}-${process.arch}`,
  )
const bundleFile = (bundle: string): string => join(installed, 'dist', `${bundle}.cjs`)

describe('the code cache', () => {
  test('is kept with the text it was compiled from, by command and Node, and used as it is', () => {
    const clean = Repo.staged({ 'a.ts': 'export {}\n' })
    const report = runStaged(clean)
    expect(report).toContain('No secrets found')
    const files = cacheFiles()
    expect(Object.keys(files).sort()).toEqual(cacheNames(hookBundles, 'staged'))
    for (const [index, name] of cacheNames(hookBundles, 'staged').entries()) {
      const text = readFileSync(bundleFile(hookBundles[index]!))
      expect(files[name]!.subarray(-text.length).equals(text)).toBe(true)
    }
    const inodes = Object.keys(files).map((name) => statSync(join(folder, name)).ino)
    expect(runStaged(clean)).toBe(report)
    expect(Object.keys(files).map((name) => statSync(join(folder, name)).ino)).toEqual(inodes)
  })

  test.each(['cli/process', 'cli/main'])(
    'is not used after one byte of %s was edited, and is written again',
    (bundle) => {
      const repo = Repo.staged({ 'a.ts': 'export {}\n' })
      const run = (): string =>
        spawnSync(
          process.execPath,
          [join(installed, 'dist/cli/bin.cjs'), bundle === 'cli/main' ? 'scan' : 'staged'],
          { cwd: repo.path, env: isolatedEnv, encoding: 'utf8' },
        ).stdout
      expect(run()).toContain('No secrets found')
      const before = cacheFiles()
      const text = readFileSync(bundleFile(bundle), 'latin1')
      const edited = text.replaceAll('no secrets found', 'no secretz found')
      expect(edited).not.toBe(text)
      writeFileSync(bundleFile(bundle), edited, 'latin1')
      for (let times = 0; times < 2; times += 1) expect(run()).toContain('No secretz found')
      const name = Object.keys(before).find((key) => key.startsWith(bundle.replace('/', '-')))!
      expect(cacheFiles()[name]!.equals(before[name]!)).toBe(false)
    },
  )

  test('is kept of the whole program for each command, when the command ran to its end', () => {
    const { path } = Repo.staged({ 'a.ts': 'export {}\n' })
    const run = (...args: readonly string[]): number | null =>
      spawnSync(process.execPath, [join(installed, 'dist/cli/bin.cjs'), ...args], {
        cwd: path,
        env: isolatedEnv,
      }).status
    expect(run('scan', '--bogus')).toBe(2)
    expect(existsSync(folder)).toBe(false)
    for (const words of [['scan'], ['rules', 'list'], ['scan']]) expect(run(...words)).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(
      ['rules', 'scan']
        .flatMap((command) => cacheNames(['cli/main', 'cli/process'], command))
        .toSorted(),
    )
  })

  test('holds functions that ran only at the start too, however often memory was collected since', () => {
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
      return Object.values(cacheFiles()).reduce((sum, { length }) => sum + length, 0)
    })
    expect(sizes[1]).toBeGreaterThan(0.95 * sizes[0]!)
  })

  test('holds the functions that later commits need, even where the first commit is blocked', () => {
    expect(() =>
      runStaged(
        Repo.staged({
          'a.ini': `aws_access_key_id = ${awsPair(4101).id}\naws_secret_access_key = ${awsPair(4101).secret}\n`,
        }),
      ),
    ).toThrow(expect.objectContaining({ status: 1 }))
    expect(readdirSync(folder).sort()).toEqual(cacheNames(['cli/main', ...hookBundles], 'staged'))
    const before = cacheFiles()
    runStaged(Repo.staged({ 'a.ts': 'export {}\n' }))
    const after = cacheFiles()
    expect(Object.keys(after)).toEqual(Object.keys(before))
    for (const [name, bytes] of Object.entries(after))
      expect(bytes.equals(before[name]!)).toBe(true)
  })

  test('changes no finding, and holds no secret', () => {
    runStaged(Repo.staged({ 'a.ts': 'export {}\n' }))
    const { id, secret } = awsPair(4100)
    expect(() =>
      runStaged(
        Repo.staged({ 'a.ini': `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n` }),
      ),
    ).toThrow(expect.objectContaining({ status: 1 }))
    expect(Object.values(cacheFiles()).some((bytes) => bytes.includes(secret))).toBe(false)
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
  ])('is written again where the file %s', (_name, change) => {
    const clean = Repo.staged({ 'a.ts': 'export {}\n', '.env.example': 'PORT=3000\n' })
    const report = runStaged(clean)
    for (const [name, bytes] of Object.entries(cacheFiles()))
      writeFileSync(join(folder, name), change(bytes))
    expect(runStaged(clean)).toBe(report)
    for (const bytes of Object.values(cacheFiles())) expect(bytes.equals(change(bytes))).toBe(false)
    expect(runStaged(clean)).toBe(report)
  })

  test('is not needed: nothing fails where it cannot be written', () => {
    const clean = Repo.staged({ 'a.ts': 'export {}\n' })
    const report = runStaged(clean)
    rmSync(folder, { recursive: true })
    writeFileSync(folder, '')
    expect(runStaged(clean)).toBe(report)
    expect(readFileSync(folder, 'utf8')).toBe('')
  })
})
