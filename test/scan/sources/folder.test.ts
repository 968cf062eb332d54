import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/model/errors.ts'
import { OVERLAP_BYTES, WINDOW_BYTES } from '../../../src/git/objects/windows.ts'
import type { Skip, Source } from '../../../src/model/model.ts'
import { defaultLimits } from '../../../src/model/limits.ts'
import { folderSource } from '../../../src/scan/sources/folder.ts'
import { temporaryFolder } from '../../support/repo.ts'

interface Read {
  readonly contents: ReadonlyMap<string, string>
  readonly skips: readonly Skip[]
}

/** Reads a source: contents by path, without the blobs that hold names. */
async function read(source: Source, signal = new AbortController().signal): Promise<Read> {
  const contents = new Map<string, string>()
  const skips: Skip[] = []
  for await (const batch of source.blobs(signal)) {
    for (const item of batch) {
      if ('outcome' in item) skips.push(item)
      else if ('origins' in item && item.origins[0].inName === undefined)
        contents.set(item.origins[0].path!.text, Buffer.from(item.bytes).toString())
    }
  }
  return { contents, skips }
}

const options = { limits: { ...defaultLimits, jobs: 3 } }

/** Creates a folder with these files, by path. */
function folder(files: Readonly<Record<string, string>>): string {
  const top = temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(top, path, '..'), { recursive: true })
    writeFileSync(join(top, path), content)
  }
  return top
}

describe('folderSource', () => {
  test('reads every file, hidden ones and odd names too, but nothing in .git', async () => {
    const files = {
      'a.txt': 'a',
      '.env': 'b',
      '.hidden/.deep/c': 'c',
      'with space/d ': 'd',
      'back\\slash': 'e',
      '[x]{y,z}(q)!': 'f',
      'line\nfeed': 'g',
      '\nfirst\r/in\u2028to\n/deep\u2029': 'o',
      '\r': 'p',
      '-n': 'h',
      日本: 'i',
      '*': 'j',
      '.gitignore': '*',
      'git/k': 'k',
      'node_modules/l': 'l',
      '!m': 'm',
    }
    const top = folder({
      ...files,
      '.git/config': 'no',
      'sub/.git/objects/x': 'no',
      'worktree/.git': 'gitdir: elsewhere',
    })
    const { contents, skips } = await read(folderSource({ ...options, cwd: top, paths: ['.'] }))
    expect(Object.fromEntries(contents)).toEqual(files)
    expect(skips).toEqual([])
  })

  test('gives files the paths under which they were named', async () => {
    const top = folder({ 'one/a': 'a', 'one/two/b': 'b', c: 'c' })
    const paths = [
      'one',
      './one/two',
      join(top, 'c'),
      'c',
      '../' + top.split('/').at(-1)! + '/one/a',
    ]
    const { contents } = await read(folderSource({ ...options, cwd: top, paths }))
    expect([...contents.keys()]).toEqual(
      ['one/a', 'one/two/b', 'one/two/b', join(top, 'c'), 'c', paths[4]].filter(
        (path, at, all) => all.indexOf(path) === at,
      ),
    )
  })

  test('refuses a path that does not exist', async () => {
    await expect(
      read(folderSource({ ...options, cwd: temporaryFolder(), paths: ['gone'] })),
    ).rejects.toThrow(UsageError)
  })

  test('reads the target path of a link as its content, and does not follow it', async () => {
    const top = folder({ 'real/a': 'a' })
    symlinkSync('real', join(top, 'link'))
    symlinkSync('..', join(top, 'real/up'))
    symlinkSync('nowhere', join(top, 'dangling'))
    const { contents } = await read(folderSource({ ...options, cwd: top, paths: ['.'] }))
    expect(Object.fromEntries(contents)).toEqual({
      'real/a': 'a',
      link: 'real',
      'real/up': '..',
      dangling: 'nowhere',
    })
  })

  test('skips a folder that cannot be read, and reads all others', async () => {
    const top = folder({ 'a/1': '1', 'z/2': '2' })
    // The path is longer than the system allows, so that even root cannot read the folder.
    execFileSync(
      'sh',
      [
        '-c',
        `for n in $(seq 20); do mkdir ${'m'.repeat(250)} && cd -P ${'m'.repeat(250)} || exit 1; done; echo secret > file`,
      ],
      { cwd: join(top, 'a') },
    )
    const { contents, skips } = await read(folderSource({ ...options, cwd: top, paths: ['.'] }))
    expect([...contents.keys()].sort()).toEqual(['a/1', 'z/2'])
    expect(skips).toEqual([
      expect.objectContaining({ outcome: 'failed', reason: 'unreadable', detail: 'ENAMETOOLONG' }),
    ])
    execFileSync('rm', ['-rf', 'a'], { cwd: top })
  })

  test('skips files that are too large', async () => {
    const top = folder({ large: 'x'.repeat(101), fits: 'x'.repeat(100) })
    const { contents, skips } = await read(
      folderSource({ limits: { ...defaultLimits, maxBlobBytes: 100 }, cwd: top, paths: ['.'] }),
    )
    expect([...contents.keys()]).toEqual(['fits'])
    expect(skips).toEqual([
      { outcome: 'bounded', reason: 'too-large', path: { text: 'large' }, detail: '101 bytes' },
    ])
  })

  test('reads a file over one window as overlapping windows', async () => {
    const top = folder({ 'a-small': 'a', large: 'x'.repeat(2 * WINDOW_BYTES), 'z-small': 'z' })
    const seen: string[] = []
    for await (const batch of folderSource({ ...options, cwd: top, paths: ['.'] }).blobs(
      new AbortController().signal,
    )) {
      for (const item of batch)
        if ('origins' in item && item.id === 'large')
          seen.push(`${item.start} ${item.bytes.length} ${item.last}`)
    }
    const step = WINDOW_BYTES - OVERLAP_BYTES
    expect(seen).toEqual([
      `0 ${WINDOW_BYTES} false`,
      `${step} ${WINDOW_BYTES} false`,
      `${2 * step} ${2 * OVERLAP_BYTES} true`,
    ])
  })

  test('stops when it is aborted', async () => {
    const top = folder(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${n}`, 'x'])))
    const controller = new AbortController()
    let count = 0
    for await (const batch of folderSource({ ...options, cwd: top, paths: ['.'] }).blobs(
      controller.signal,
    )) {
      count += [...batch].length
      controller.abort()
    }
    expect(count).toBeLessThan(10)
  })
})
