import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ScanError } from '../../../src/model/errors.ts'
import { type GitContext, linesOf, readGit, startGit } from '../../../src/git/commands/run.ts'
import { gathered, streamOf, waysToCut } from '../../support/pieces.ts'
import { ends } from '../../support/processes.ts'
import { seededRandom } from '../../support/random.ts'
import { isolatedEnv, temporaryFolder } from '../../support/repo.ts'

/** A context in which `git` is this sh script. */
function fake(script: string): GitContext {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'git'), 0o755)
  return { cwd: folder, env: { ...isolatedEnv, PATH: `${folder}:${isolatedEnv['PATH'] ?? ''}` } }
}

const failures: readonly (readonly [name: string, script: string, failure: RegExp | undefined])[] =
  [
    ['exits 0 and says nothing', 'echo fine', undefined],
    [
      'exits 0 but says something',
      'echo fine; echo "error: bad object" >&2',
      /^error: bad object$/,
    ],
    ['exits 0 and says only blanks', 'echo fine; printf "\\n \\n" >&2', undefined],
    ['exits 1 without a word', 'exit 1', /^exit 1$/],
    ['exits 128 with a reason', 'echo "fatal: no" >&2; exit 128', /^fatal: no$/],
    ['is killed', 'kill -9 $$', /^killed by SIGKILL$/],
    ['is killed after some words', 'echo "wait" >&2; kill -15 $$', /^killed by SIGTERM: wait$/],
    ['says several lines', 'printf "one\\ntwo\\nthree\\nfour\\n" >&2; exit 1', /^one; two; three$/],
    [
      'ends as Python does',
      'printf "Traceback (most recent call last):\\n  File x\\nValueError: no\\n" >&2; exit 1',
      /^ValueError: no$/,
    ],
    ['says a megabyte', 'head -c 1000000 /dev/zero | tr "\\0" x >&2; exit 1', /^x{10000,100000}$/],
    ['does not read its input', 'exec <&-; echo "fatal: full" >&2; exit 3', /^fatal: full$/],
  ]

async function* brokenOff(): AsyncGenerator<string> {
  yield 'one\n'
  throw new Error('no more')
}

/** Gives a line at a time, with pauses. */
async function* slowly(): AsyncGenerator<string> {
  for (let line = 0; line < 4; line += 1) {
    await wait(150)
    yield 'more\n'
  }
}

describe('startGit', () => {
  test.each(failures)('tells what went wrong when git %s', async (_name, script, failure) => {
    const git = startGit({ ...fake(script), args: ['x'], input: ['a\n'.repeat(100_000)] })
    await gathered(git.stdout)
    if (failure === undefined) expect(await git.failure).toBeUndefined()
    else expect(await git.failure).toMatch(failure)
  })

  test('accepts output on standard error and exit codes as the call allows', async () => {
    const talking = fake('echo "one of two done" >&2; exit 0')
    expect(
      await startGit({ ...talking, args: ['x'], writesToStderr: true }).failure,
    ).toBeUndefined()
    expect(
      await startGit({ ...fake('echo no >&2; exit 1'), args: ['x'], writesToStderr: true }).failure,
    ).toBe('no')
    expect(
      await startGit({ ...fake('exit 1'), args: ['x'], allowedExitCodes: [1] }).failure,
    ).toBeUndefined()
    expect(await startGit({ ...fake('exit 2'), args: ['x'], allowedExitCodes: [1] }).failure).toBe(
      'exit 2',
    )
    expect(
      await startGit({ ...fake('echo no >&2; exit 1'), args: ['x'], allowedExitCodes: [1] })
        .failure,
    ).toBe('no')
  })

  test('stops the process group of git on request', async () => {
    const git = startGit({ ...fake('sleep 60 & echo $!; wait'), args: ['x'], processGroup: true })
    let pid = 0
    for await (const chunk of git.stdout) {
      pid = Number(chunk.toString())
      git.stop('enough')
    }
    expect(await git.failure).toBe('enough')
    expect(pid > 0 && (await ends(pid))).toBe(true)
  })

  test('stops a git that gives and takes nothing for too long, and says so', async () => {
    const git = startGit({ ...fake('echo one; exec sleep 60'), args: ['x'], maxSilentMs: 300 })
    expect(Buffer.concat(await gathered(git.stdout)).toString()).toBe('one\n')
    expect(await git.failure).toBe('it gave nothing for 0.3 seconds')
  })

  test('does not stop a git whose output waits for its reader, or that takes input', async () => {
    const git = startGit({
      ...fake('echo one; cat'),
      args: ['x'],
      input: slowly(),
      maxSilentMs: 400,
    })
    for await (const _ of git.stdout) await wait(500)
    expect(await git.failure).toBeUndefined()
  })

  test('fails when there is no git', async () => {
    const git = startGit({
      cwd: temporaryFolder(),
      env: { PATH: temporaryFolder() },
      args: ['x'],
      input: ['a'],
    })
    expect(await gathered(git.stdout)).toEqual([])
    expect(await git.failure).toMatch(/^git could not be started: .*ENOENT/)
  })

  test('fails when the folder is gone', async () => {
    const git = startGit({
      cwd: join(temporaryFolder(), 'gone'),
      env: isolatedEnv,
      args: ['version'],
    })
    expect(await gathered(git.stdout)).toEqual([])
    expect(await git.failure).toMatch(/^git could not be started/)
  })

  test('passes input as git reads it, and arguments unchanged', async () => {
    const git = startGit({
      ...fake('printf "%s|" "$@"; cat'),
      args: ['a b', '$HOME', '*', ''],
      input: streamOf(['one\n', 'two\n']),
    })
    expect(Buffer.concat(await gathered(git.stdout)).toString()).toBe('a b|$HOME|*||one\ntwo\n')
    expect(await git.failure).toBeUndefined()
  })

  test('fails when its input breaks off', async () => {
    const git = startGit({ ...fake('cat'), args: ['x'], input: brokenOff() })
    await gathered(git.stdout)
    expect(await git.failure).toMatch(/no more/)
  })

  test('can be stopped, with a reason or without', async () => {
    for (const reason of [undefined, 'enough']) {
      const git = startGit({ ...fake('echo one; exec sleep 60'), args: ['x'] })
      for await (const chunk of git.stdout) {
        expect(chunk.toString()).toBe('one\n')
        git.stop(reason)
      }
      expect(await git.failure).toBe(reason)
    }
  })

  test.each([
    ['before it began', 0],
    ['while it ran', 1],
  ])('ends quietly when it is aborted %s', async (_name, chunks) => {
    const controller = new AbortController()
    if (chunks === 0) controller.abort()
    const git = startGit({
      ...fake('echo one; exec sleep 60'),
      args: ['x'],
      signal: controller.signal,
    })
    let seen = 0
    for await (const chunk of git.stdout) {
      seen += chunk.length > 0 ? 1 : 0
      controller.abort()
    }
    expect(seen).toBe(chunks)
    expect(await git.failure).toBeUndefined()
  })
})

describe('readGit', () => {
  test('returns all of the output', async () => {
    expect(
      (await readGit({ ...fake('printf "a\\0b"; head -c 300000 /dev/zero'), args: ['x'] })).length,
    ).toBe(300_003)
  })

  test.each(failures.filter(([, , failure]) => failure !== undefined))(
    'throws a ScanError that names the command when git %s',
    async (_name, script) => {
      const failed = readGit({ ...fake(script), args: ['ls-files', '-z'] })
      await expect(failed).rejects.toThrow(ScanError)
      await expect(failed).rejects.toThrow(/^git ls-files failed: /)
    },
  )

  test('names the command that failed, and gives bytes as they are', async () => {
    await expect(
      readGit({ ...fake('exit 5'), args: ['-c', 'a=b', 'repack', '-a'] }),
    ).rejects.toThrow('git repack failed: exit 5')
    const bytes = Buffer.from([0, 0xff, 0x80, 10])
    expect(await readGit({ ...fake('cat'), args: ['x'], input: ['a', bytes] })).toEqual(
      Buffer.concat([Buffer.from('a'), bytes]),
    )
  })

  test('throws a ScanError when there is no git', async () => {
    await expect(
      readGit({ cwd: temporaryFolder(), env: { PATH: temporaryFolder() }, args: ['version'] }),
    ).rejects.toThrow(ScanError)
  })
})

describe('linesOf', () => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['a\n\nb\n', ['a', '', 'b']],
    ['\n', ['']],
    ['first line\nsecond line\nthird line\n', ['first line', 'second line', 'third line']],
  ])('yields the lines of %j in any chunks', async (text, lines) => {
    for (const [how, pieces] of waysToCut(Buffer.from(text), seededRandom(2))) {
      expect((await gathered(linesOf(streamOf(pieces)))).flat(), `${how}`).toEqual(lines)
    }
  })

  test('yields no empty block, which as input would be an empty line', async () => {
    expect(
      await gathered(linesOf(streamOf(['ab', 'cd', '\nef', 'g'].map((text) => Buffer.from(text))))),
    ).toEqual([['abcd'], ['efg']])
  })
})
