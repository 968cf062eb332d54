/**
 * FIFOs in place of files, which made commands wait for ever. `test/architecture.test.ts` holds that
 * all files are opened in one place.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { oakumHere, oakumJsonHere } from '../support/in-process.ts'
import { oakum } from '../support/oakum.ts'
import { Repo } from '../support/repo.ts'

/** Puts a FIFO, or a link to one, at a path of a repository while `action` runs. */
async function withFifo(
  repo: Repo,
  name: string,
  action: (path: string) => Promise<void>,
  isLink = false,
): Promise<void> {
  const path = resolve(repo.path, name)
  const saved = `${path}.saved`
  mkdirSync(dirname(path), { recursive: true })
  if (existsSync(path)) renameSync(path, saved)
  expect(spawnSync('mkfifo', [isLink ? `${path}.fifo` : path]).status).toBe(0)
  if (isLink) symlinkSync(`${path}.fifo`, path)
  await action(path)
  rmSync(path)
  rmSync(`${path}.fifo`, { force: true })
  if (existsSync(saved)) renameSync(saved, path)
}

describe.skipIf(process.platform === 'win32')('a FIFO in place of a file', () => {
  test('for which git waits is named before git starts', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'text' })
    for (const [name, isLink, ...commands] of [
      ['.git/packed-refs', false, 'scan', 'staged', 'history'],
      ['.git/config', true, 'scan'],
      ['.git/HEAD', false, 'scan'],
      ['.git/index', false, 'hook pre-commit'],
      ['.git/shallow', true, 'scan'],
      ['.git/commondir', false, 'scan'],
      ['.git/info/exclude', false, 'scan'],
      ['.git/objects/info/alternates', false, 'scan'],
      ['.git/objects/pack/pack-1.idx', false, 'history'],
      ['.git/objects/pack/pack-1.pack', true, 'history'],
      ['.gitignore', false, 'scan'],
    ] as const)
      for (const command of commands)
        await withFifo(
          repo,
          name,
          async (path) => {
            const run = await oakumHere(command.split(' '), { cwd: repo.path })
            expect([run.code, run.stdout, run.stderr]).toEqual([
              3,
              '',
              `oakum: ${path} is not a file but a FIFO or a device, for which git would wait for ever: remove it\n`,
            ])
          },
          isLink,
        )
  })

  test('that is a package.json is not read by the packages of the program', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'text' })
    await withFifo(repo, 'package.json', async () => {
      const { code } = await oakum(['fix', '--dry-run'], { cwd: repo.path })
      expect(code).toBe(0)
    })
  })

  test('that is a loose object is a failed skip', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'a.txt': 'text' })
    const id = repo.gitBytes(['hash-object', '-w', '--stdin'], 'dangling').toString().trim()
    await withFifo(repo, repo.looseObject(id), async () => {
      const { code, report } = await oakumJsonHere(['history', '--no-cache'], { cwd: repo.path })
      expect(code).toBe(3)
      expect(report().receipt.skipped).toMatchObject([
        { outcome: 'failed', reason: 'unreadable', object: id, detail: 'it is no file' },
      ])
      const args = ['history', '--no-cache', '--reader', 'cat-file']
      const byGit = await oakumHere(args, { cwd: repo.path })
      expect(byGit.code).toBe(3)
      expect(byGit.stderr).toContain('for which git would wait for ever')
    })
  })

  test('that is configuration, in a scan, or that Oakum reads itself', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'compose.yaml': 'services:\n', '.env': 'A=b\n', 'a.txt': 'text' })
    for (const name of ['oakum.yaml', 'oakum.allow'])
      await withFifo(repo, name, async () => {
        const { code, stderr } = await oakumHere(['scan'], { cwd: repo.path })
        expect([code, stderr]).toEqual([2, `oakum: ${name}: not a regular file\n`])
      })
    for (const name of ['compose.yaml', '.env'])
      for (const isLink of [false, true])
        await withFifo(
          repo,
          name,
          async () => {
            const run = await oakumJsonHere(['scan'], { cwd: repo.path })
            expect(run.code).toBe(0)
            expect(run.report().receipt.skipped).toMatchObject(
              isLink ? [] : [{ outcome: 'bounded', reason: 'special-file', path: name }],
            )
          },
          isLink,
        )
    await withFifo(repo, '.git/FETCH_HEAD', async () => {
      expect((await oakumHere(['history'], { cwd: repo.path })).code).toBe(0)
    })
  })
})
