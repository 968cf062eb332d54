import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { bin } from '../support/oakum.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../support/repo.ts'
import { Hooked } from './hooked.ts'
import { pairText } from './pair-in-report.ts'

const commit = ['commit', '-q', '-m', 'Go on'] as const

function started(): Repo {
  const repo = Repo.create()
  repo.commit('Start', { 'README.md': '# Shop\n', 'conf/prod.ini': '[shop]\n' })
  return repo
}

/** A folder for PATH in which `oakum` is the built program. */
function withOakum(): string {
  const folder = temporaryFolder()
  new Repo(folder).write('oakum', `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`)
  execFileSync('chmod', ['+x', join(folder, 'oakum')])
  return `${folder}:${isolatedEnv['PATH'] ?? ''}`
}

/** The commands of the way out that begins with these words, run as they stand. */
function follow(said: string, words: string, repo: Repo): void {
  const after = said.slice(said.indexOf(words)).split('\n').slice(1)
  const commands = after
    .slice(
      0,
      after.findIndex((line) => !line.startsWith('    ')),
    )
    .map((line) => line.trim())
  expect(commands.length).toBeGreaterThan(0)
  execFileSync('sh', ['-ec', commands.join('\n')], {
    cwd: repo.path,
    env: { ...isolatedEnv, PATH: withOakum() },
    stdio: 'pipe',
  })
}

function expectReadable(said: string | undefined, mostLines: number): string {
  const lines = (said ?? '').split('\n')
  expect(lines.length).toBeLessThanOrEqual(mostLines)
  // A command is not broken, whatever its length.
  expect(lines.filter((line) => line.length > 80 && !line.startsWith('    '))).toEqual([])
  expect(said).not.toContain('\u001b')
  return said ?? ''
}

describe('what a developer reads whose commit was stopped', () => {
  test('names the place, shows the line without the secret, and points at it', () => {
    const pair = awsPair(2600)
    const repo = started().write('conf/prod.ini', pairText(pair))
    repo.git('add', '-A')
    const { code, said } = new Hooked(repo, 'pre-commit').run(commit)
    const lines = expectReadable(said, 26).split('\n')
    const at = lines.findIndex(
      (line) => line.trim().startsWith('^'.repeat(3)) || /\| +\^+$/.test(line),
    )
    const redacted = `${pair.secret.slice(0, 4)}…${pair.secret.slice(-4)}`
    expect(code).toBe(1)
    expect(lines).toContain('  conf/prod.ini:3:25 (staged)')
    expect(lines[at - 1]).toBe(`    3 | aws_secret_access_key = ${redacted}`)
    expect(lines[at]).toBe(`      |                         ${'^'.repeat(redacted.length)}`)
    expect(lines.filter((line) => line.includes('--no-verify'))).toHaveLength(1)
  })

  test.each([
    [
      'a new env file',
      { '.env': `DB_PASSWORD=${awsPair(2601).secret.slice(3, 21)}\n` },
      'Take the file out of the commit',
      ['.env'],
    ],
    [
      'a file that git knew',
      { 'conf/prod.ini': pairText(awsPair(2602)) },
      'Or leave the file out',
      [],
    ],
    [
      'a new file of a program',
      {
        "it's new.js": `const key = '${awsPair(2603).id}'\nconst secretAccessKey = '${awsPair(2603).secret}'\n`,
      },
      'Or leave the file out',
      [],
    ],
  ] as const)(
    'can follow it out, from %s, and the file keeps what it has',
    (_what, files, words, ignored) => {
      const repo = started()
      for (const [path, content] of Object.entries(files)) repo.write(path, content)
      repo.write('other.txt', 'other\n').git('add', '-A', '-f')
      const hooked = new Hooked(repo, 'pre-commit')
      const said = expectReadable(hooked.run(commit).said, 30)
      follow(said, words, repo)
      expect(hooked.run(commit)).toMatchObject({ code: 0, said: '' })
      expect(repo.git('show', '--name-only', '--format=', 'HEAD')).toBe('other.txt')
      for (const [path, content] of Object.entries(files))
        expect(readFileSync(repo.at(path), 'utf8')).toBe(content)
      for (const path of ignored) expect(repo.git('check-ignore', path)).toBe(path)
    },
  )

  test('can allow this one value, and is stopped again by another on that line', () => {
    const repo = started().write('conf/prod.ini', pairText(awsPair(2610)))
    repo.git('config', 'user.name', 'Ada')
    repo.git('add', '-A')
    const hooked = new Hooked(repo, 'pre-commit')
    const said = hooked.run(commit).said ?? ''
    follow(said.replace("'…'", 'rotated'), 'Not a secret?', repo)
    expect(existsSync(repo.at('oakum.allow'))).toBe(true)
    expect(hooked.run(commit)).toMatchObject({ code: 0, said: '' })
    repo.write('conf/prod.ini', pairText(awsPair(2611))).git('add', '-A')
    expect(hooked.run(commit)).toMatchObject({ code: 1 })
  })

  test('is not stopped by what the file had before, and reads that once', () => {
    const repo = started()
    repo.commit('Leak', { 'conf/prod.ini': pairText(awsPair(2620)) })
    const hooked = new Hooked(repo, 'pre-commit')
    repo.append('conf/prod.ini', 'region = eu-west-1\n').git('add', '-A')
    expect(hooked.run(commit)).toMatchObject({
      code: 0,
      said: 'oakum: 1 secret in these files is already in history; run oakum history for details.\n',
    })
    repo.append('conf/prod.ini', pairText(awsPair(2621))).git('add', '-A')
    const { code, said } = hooked.run(commit)
    expect(code).toBe(1)
    expect(said).toContain('it would add 1 secret')
  })

  test('has no wall to read where there are many', () => {
    const repo = started()
    for (let n = 0; n < 30; n += 1)
      repo.write(`deep/${'folder/'.repeat(12)}file ${n}.ini`, pairText(awsPair(2630 + n)))
    repo.git('add', '-A')
    const said = expectReadable(new Hooked(repo, 'pre-commit').run(commit).said, 65)
    expect(said).toContain('it would add 30 secrets')
    expect(said).toContain('and 16 more; run oakum staged to list all')
  })

  test('is shown nothing that acts on a terminal', () => {
    const repo = started()
    repo.write(
      'a\u001b[2J\u202e.ini',
      `\u001b]0;x\u0007aws_access_key_id = ${awsPair(2660).id}\n\u001b[31m aws_secret_access_key = ${awsPair(2660).secret} \u009b2J\u200b\n`,
    )
    repo.git('add', '-A')
    const said = new Hooked(repo, 'pre-commit').run(commit).said ?? ''
    expect(said).toContain('\\x1b[2J')
    expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e]/)
  })

  test('is stopped where not all can be read', () => {
    const repo = started()
    repo.git('update-index', '--add', '--cacheinfo', `100644,${'ab'.repeat(20)},gone.txt`)
    const { code, said } = new Hooked(repo, 'pre-commit').run([
      'commit',
      '-q',
      '--no-status',
      '-m',
      'x',
    ])
    expect(code).not.toBe(0)
    expect(expectReadable(said, 6)).toContain(
      'oakum stopped this commit: not everything in it could be read.\n  gone.txt: ',
    )
  })
})
