import { symlinkSync, writeFileSync, mkdirSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { oakumHere } from '../support/in-process.ts'
import { temporaryFolder } from '../support/repo.ts'
import { describeFailure } from '../../src/cli/support/failure.ts'
import { loadPolicy } from '../../src/config/load.ts'
import { type Broken, broken } from './policy-files.ts'

function folderWith(files: Broken['files']): string {
  const cwd = temporaryFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content)
  return cwd
}

/** A folder that is not a repository costs no git, and is configured like one. */
async function scanWith(files: Broken['files']) {
  return oakumHere(['scan', '--no-git'], { cwd: folderWith(files) })
}

test('there are more than a hundred of them', () => {
  expect(broken.length).toBeGreaterThanOrEqual(100)
})

/**
 * What the command line says of a policy that cannot be loaded, without the search for secrets in
 * it.
 */
async function refusalIn(cwd: string) {
  const error: unknown = await loadPolicy({ cwd, env: {} }).then(
    () => 'nothing is wrong',
    (reason: unknown) => reason,
  )
  return describeFailure(error, { verbose: true })
}

test.each(broken.map((one, at) => [`${at}: ${one.name}`, one] as const))(
  '%s: one clear line a problem, exit 2, no stack',
  async (_, { files, says }) => {
    const { exitCode, text: stderr } = await refusalIn(folderWith(files))
    const lines = stderr.split('\n').slice(0, -1)
    expect(exitCode).toBe(2)
    for (const [index, said] of says.entries()) expect(lines[index]).toContain(said)
    for (const line of lines)
      expect(line).toMatch(
        /^oakum: (?:(?:oakum\.(?:yaml|allow|baseline)|own\.yaml)(?::\d+){0,2}: \S.{3,}|and \d+ more problems)$/,
      )
    expect(stderr).not.toMatch(/\n\s+at |node:|undefined|\[object/)
  },
)

test.each(broken.filter((_, at) => at % 20 === 0).map((one) => [one.name, one] as const))(
  '%s: stops a scan before it reports',
  async (_, { files, says }) => {
    const { code, stdout, stderr } = await scanWith(files)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(says[0])
  },
)

test.each([
  [
    'a symbolic link',
    (path: string, name: string) => symlinkSync('/etc/passwd', join(path, name)),
    'a symbolic link, which is not followed',
  ],
  [
    'a link to nothing',
    (path: string, name: string) => symlinkSync('nowhere', join(path, name)),
    'a symbolic link, which is not followed',
  ],
  ['a folder', (path: string, name: string) => mkdirSync(join(path, name)), 'not a regular file'],
  [
    'a pipe that nobody writes to',
    (path: string, name: string) => void spawnSync('sh', ['-c', 'mkfifo "$0"', join(path, name)]),
    'not a regular file',
  ],
])('%s in the place of a file is refused', async (_, make, says) => {
  for (const name of ['oakum.yaml', 'oakum.allow', 'oakum.baseline']) {
    const cwd = temporaryFolder()
    make(cwd, name)
    const { exitCode, text } = await refusalIn(cwd)
    expect([exitCode, text.startsWith(`oakum: ${name}: ${says}`), text.split('\n').length]).toEqual(
      [2, true, 2],
    )
    rmSync(join(cwd, name), { recursive: true })
  }
})

test('a pattern file behind a linked folder is refused', async () => {
  const cwd = temporaryFolder()
  const other = temporaryFolder()
  writeFileSync(join(other, 'own.yaml'), 'provider: x\n')
  symlinkSync(other, join(cwd, 'linked'))
  writeFileSync(join(cwd, 'oakum.yaml'), 'version: 1\npatterns: [linked/own.yaml]\n')
  const { code, stderr } = await oakumHere(['scan', '--no-git'], { cwd })
  expect([code, stderr]).toEqual([2, 'oakum: linked/own.yaml: leads out of its folder\n'])
})

test('a mark at the beginning, Windows line ends and blank lines are fine', async () => {
  const fingerprint = `oak1-${'0'.repeat(32)}`
  const { code, stderr } = await scanWith({
    'oakum.yaml': '\ufeffversion: 1\r\nfailOn: high\r\n',
    'oakum.allow': `\ufeff${JSON.stringify({ fingerprint, reason: 'x', author: 'Ada', date: '2026-01-01' })}\r\n\r\n`,
    'oakum.baseline': '\r\n',
  })
  expect([code, stderr]).toEqual([0, ''])
})
