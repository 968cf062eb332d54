import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as zlib from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { tarOf, type ZipEntry, zipOf } from '../support/archives.ts'
import { awsPair, type Pair, password } from '../support/credentials.ts'
import { oakumHere as oakum, oakumJsonHere as oakumJson } from '../support/in-process.ts'
import { type FindingJson, type OakumRun, type OriginJson } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { expectOnlyPair, expectPair, pairText, skipsFor, verdictOf } from './pair-in-report.ts'

/** One Python writes all that Python writes: it starts slowly. */
const inPython = `
import json, lzma, sys, tarfile, zipfile
sys.argv.append("")
for sys.argv[1], text, code in json.load(sys.stdin):
    with open("a.ini", "w") as file: file.write(text)
    exec(code)
`
const python = (code: string): readonly string[] => ['python', code]
const zipWith = (name: string, options = ''): string =>
  `z = zipfile.ZipFile(sys.argv[1], "w"${options}); z.write("a.ini", "${name}"); z.close()`
const deflated = ', zipfile.ZIP_DEFLATED'
const officeText = (name: string): string =>
  `z = zipfile.ZipFile(sys.argv[1], "w"${deflated}); z.writestr("[Content_Types].xml", "<Types/>"); z.write("a.ini", "${name}"); z.close()`

/** Who writes it (the last word is the file), and what the pair's file is called in it. */
const written: readonly (readonly [file: string, member: string, command: readonly string[]])[] = [
  ['deflated.zip', 'conf/a.ini', python(zipWith('conf/a.ini', deflated))],
  ['stored.zip', 'a.ini', python(zipWith('a.ini'))],
  ['no-seek.zip', 'a.ini', ['sh', '-c', 'cat a.ini | zip -q - a.ini | cat > "$0"']],
  [
    'zip64.zip',
    'a.ini',
    python(
      'z = zipfile.ZipFile(sys.argv[1], "w"); f = z.open("a.ini", "w", force_zip64=True); f.write(open("a.ini", "rb").read()); f.close(); z.close()',
    ),
  ],
  [
    'commented.zip',
    'a.ini',
    python(
      'z = zipfile.ZipFile(sys.argv[1], "w"); z.comment = b"c" * 60000; z.write("a.ini"); z.close()',
    ),
  ],
  [
    'names.zip',
    '../../up/\u001b[31ma\u202e.ini',
    python(zipWith(String.raw`../../up/\x1b[31ma\u202e.ini`, deflated)),
  ],
  ['app.jar', 'a.ini', ['jar', 'cf', 'FILE', 'a.ini']],
  [
    'tool.pyz',
    'a.ini',
    python(
      `f = open(sys.argv[1], "wb"); f.write(b"#!/usr/bin/env python3\\n"); z = zipfile.ZipFile(f, "w"${deflated}); z.write("a.ini"); z.close()`,
    ),
  ],
  ['no.extension', 'a.ini', ['sh', '-c', 'zip -q - a.ini > "$0"']],
  ['package.nupkg', 'lib/a.ini', python(zipWith('lib/a.ini', deflated))],
  ['letter.docx', 'word/document.xml', python(officeText('word/document.xml'))],
  ['sheet.xlsx', 'xl/sharedStrings.xml', python(officeText('xl/sharedStrings.xml'))],
  ['app.apk', 'assets/a.ini', python(officeText('assets/a.ini'))],
  [
    'pax.tar',
    'a.ini',
    python(
      't = tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT); t.add("a.ini"); t.close()',
    ),
  ],
  ['gnu.tar', 'a.ini', ['tar', '-cf', 'FILE', 'a.ini']],
  ['v7.tar', 'a.ini', ['tar', '--format=v7', '-cf', 'FILE', 'a.ini']],
  [
    'long.tar',
    `${'n'.repeat(120)}/a.ini`,
    python(
      `t = tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT); t.add("a.ini", "${'n'.repeat(120)}/a.ini"); t.close()`,
    ),
  ],
  ['gnu.tgz', 'gnu.tar/a.ini', ['tar', '-czf', 'FILE', 'a.ini']],
  [
    'python.tar.gz',
    'python.tar/a.ini',
    python('t = tarfile.open(sys.argv[1], "w:gz"); t.add("a.ini"); t.close()'),
  ],
  ['kept.gz', 'a.ini', ['sh', '-c', 'gzip -c a.ini > "$0"']],
  ['twice.gz', 'twice', ['sh', '-c', 'printf "#" | gzip > "$0"; gzip < a.ini >> "$0"']],
  ['gnu.tar.xz', 'gnu.tar/a.ini', ['tar', '-cJf', 'FILE', 'a.ini']],
  [
    'python.xz',
    'python',
    python('f = lzma.open(sys.argv[1], "w"); f.write(open("a.ini", "rb").read()); f.close()'),
  ],
  ['twice.xz', 'twice', ['sh', '-c', 'printf "#" | xz > "$0"; xz < a.ini >> "$0"']],
  ['gnu.tbz', 'gnu.tar/a.ini', ['tar', '-cjf', 'FILE', 'a.ini']],
  ['twice.bz2', 'twice', ['sh', '-c', 'printf "#" | bzip2 > "$0"; bzip2 < a.ini >> "$0"']],
  ['gnu.tar.zst', 'gnu.tar/a.ini', ['tar', '--zstd', '-cf', 'FILE', 'a.ini']],
  [
    'nested.zip',
    'x.tgz/x.tar/y.zip/a.ini',
    [
      'sh',
      '-c',
      'd=$(mktemp -d) && zip -q - a.ini > "$d/y.zip" && tar -C "$d" -czf "$d/x.tgz" y.zip && (cd "$d" && zip -q - x.tgz) > "$0"; rm -r "$d"',
    ],
  ],
]

function writeAll(folder: string): ReadonlyMap<string, Pair> {
  const rows = written.map(([file, , command], index) => ({
    file,
    command,
    pair: awsPair(4000 + index),
  }))
  const ofPython = rows
    .filter(({ command }) => command[0] === 'python')
    .map(({ file, command, pair }) => [join(folder, file), pairText(pair), command[1]])
  spawnSync('python3', ['-c', inPython], { cwd: folder, input: JSON.stringify(ofPython) })
  for (const { file, command, pair } of rows) {
    writeFileSync(join(folder, 'a.ini'), pairText(pair))
    if (command[0] !== 'python') write(folder, file, command)
  }
  writeFileSync(join(folder, 'a.ini'), '')
  return new Map(
    rows.filter(({ file }) => existsSync(join(folder, file))).map(({ file, pair }) => [file, pair]),
  )
}

/** Undefined where this machine has no such program. */
function write(
  folder: string,
  file: string,
  [program = '', ...args]: readonly string[],
): string | undefined {
  const path = join(folder, file)
  const given = args.includes('FILE')
    ? args.map((arg) => (arg === 'FILE' ? path : arg))
    : [...args, path]
  const { error, status } = spawnSync(program, given, { cwd: folder })
  return error === undefined && status === 0 && existsSync(path) ? path : undefined
}

const hasZstd = typeof Reflect.get(zlib, 'createZstdDecompress') === 'function'

describe('a pair is found in what programs write', () => {
  const folder = temporaryFolder()
  let planted: ReadonlyMap<string, Pair>
  let run: OakumRun

  beforeAll(async () => {
    planted = writeAll(folder)
    run = await oakumJson(['scan', '--no-git', '--all-origins', '.'], { cwd: folder })
  }, 60_000)

  test.for(written)('%s', ([file, member, [program]], { skip }) => {
    const pair = planted.get(file)
    if (pair === undefined) return skip(`there is no ${program} here that writes it`)
    if (file.endsWith('.zst') && !hasZstd) {
      expect(skipsFor(run, 'archive-format')).toMatchObject([
        { outcome: 'bounded', path: file, detail: 'zstd needs Node 22.15 or newer' },
      ])
      return
    }
    const origins = expectPair(run, pair).origins.filter(({ role }) => role === 'secret')
    expect(origins).toMatchObject([
      { kind: 'file', path: file, member, line: 3, column: 25, endLine: 3, endColumn: 65 },
    ])
  })

  test('and nothing else, and nothing is left unread without a word', () => {
    expect(run.report().findings.length).toBe(
      planted.size - (planted.has('gnu.tar.zst') && !hasZstd ? 1 : 0),
    )
    expect(verdictOf(run)).toMatchObject({ code: 1, complete: true })
    expect(
      run.report().receipt.skipped.filter(({ reason }) => reason !== 'archive-format'),
    ).toEqual([])
  })

  test('names act on no terminal', async () => {
    const { stdout } = await oakum(['scan', '--no-git', 'names.zip'], { cwd: folder })
    expect(stdout).toContain(String.raw`names.zip > ../../up/\x1b[31ma\u202e.ini:3:25`)
    expect(stdout).not.toMatch(/[\u001b\u202e]/)
  })
})

const secretOrigin = (finding: FindingJson | undefined): OriginJson | undefined =>
  finding?.origins.find(({ role }) => role === 'secret')
const entry = (name: string, pair: Pair): ZipEntry => ({ name, data: Buffer.from(pairText(pair)) })

describe('in a repository', () => {
  test('history attributes what is in an archive to the commits that brought the archive', async () => {
    const pair = awsPair(4100)
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': 'x\n' })
    const commit = repo.commit('Release', {
      'dist/x.tgz': gzipSync(tarOf([{ name: 'etc/a.ini', data: Buffer.from(pairText(pair)) }])),
    })
    repo.git('rm', '-q', 'dist/x.tgz')
    repo.commit('Remove', {})
    const run = await oakumJson(['history'], { cwd: repo.path })
    const finding = expectOnlyPair(run, pair)
    expect(secretOrigin(finding)).toMatchObject({
      kind: 'commit',
      path: 'dist/x.tgz',
      member: 'content/etc/a.ini',
      blob: repo.git('rev-parse', `${commit}:dist/x.tgz`),
      commit,
      line: 3,
      column: 25,
    })
    expect(finding.attribution).toMatchObject({
      first: { commit, path: 'dist/x.tgz' },
      inHead: false,
    })
  })

  test('history finds what is in archives of a pack, stored as differences too, with each reader, and when it remembers the pack', async () => {
    const repo = Repo.create()
    const large = Buffer.from(
      Array.from({ length: 4000 }, (_, index) => `line ${index} of a file that stays\n`).join(''),
    )
    const pairs = Array.from({ length: 6 }, (_, index) => awsPair(4110 + index))
    for (const [index, pair] of pairs.entries()) {
      repo.commit(`Version ${index}`, {
        'x.tar': tarOf([
          { name: 'same', data: large },
          { name: 'b.gz', data: gzipSync(pairText(pair)) },
        ]),
        'y.zip': zipOf([
          { name: 'same', data: large, stored: true },
          { name: 'a.ini', data: Buffer.from(pairText(pair)) },
        ]),
      })
    }
    repo.git('gc', '-q', '--aggressive', '--prune=now')
    for (const options of [['--reader', 'cat-file'], [], [], ['--rules', 'aws']]) {
      const run = await oakumJson(['history', '--all-origins', ...options], { cwd: repo.path })
      expect(run.report().findings).toHaveLength(pairs.length)
      for (const pair of pairs) {
        const places = expectPair(run, pair)
          .origins.filter(({ role }) => role === 'secret')
          .map(({ path, member }) => `${path} ${member}`)
        expect(places.toSorted()).toEqual(['x.tar b.gz/b', 'y.zip a.ini'])
      }
    }
  })

  test('an env file in an archive is read as one, by its own name, in history too', async () => {
    const value = password(4101)
    const repo = Repo.create()
    const env = Buffer.from(`# settings\nDB_PASSWORD=${value}\n`)
    repo.commit('Add', {
      'site.zip': zipOf([{ name: 'site/.env', data: env }]),
      '.env.gz': gzipSync(env),
    })
    for (const command of ['scan', 'history']) {
      const run = await oakumJson([command, '--all-origins'], { cwd: repo.path })
      expect(run.report().findings).toHaveLength(1)
      expect(run.report().findings[0]?.rule).toBe('dotenv-secret')
      expect(
        run.report().findings[0]?.origins.map(({ path, member, line, column }) => ({
          path,
          member,
          line,
          column,
        })),
      ).toEqual(
        expect.arrayContaining([
          { path: 'site.zip', member: 'site/.env', line: 2, column: 13 },
          { path: '.env.gz', member: command === 'scan' ? '.env' : 'content', line: 2, column: 13 },
        ]),
      )
    }
  })

  test('staged and range tell what an archive brought from what the one before had', async () => {
    const [old, fresh] = [awsPair(4103), awsPair(4104)]
    const repo = Repo.create()
    repo.commit('Start', { 'x.zip': zipOf([entry('old.ini', old)]) })
    repo.write('x.zip', zipOf([entry('old.ini', old), entry('new.ini', fresh)]))
    repo.git('add', 'x.zip')
    const staged = await oakumJson(['staged'], { cwd: repo.path })
    expect(secretOrigin(expectOnlyPair(staged, fresh))).toMatchObject({
      kind: 'index',
      path: 'x.zip',
      member: 'new.ini',
    })
    expect(staged.report().suppressed.by).toEqual({ unchanged: 1 })
    repo.commit('More', {})
    const range = await oakumJson(['range', 'HEAD~1..HEAD'], { cwd: repo.path })
    expect(secretOrigin(expectOnlyPair(range, fresh))).toMatchObject({
      kind: 'commit',
      path: 'x.zip',
      member: 'new.ini',
    })
  })

  test('an archive that cannot be read is left out with a word, and fails nothing', async () => {
    const repo = Repo.create()
    const encrypted = zipOf([
      { name: 'a', data: Buffer.from('a'), flags: 1 },
      { name: 'b', data: Buffer.from('b'), flags: 1 },
    ])
    repo.commit('Add', {
      'locked.zip': encrypted,
      'cut.zip': encrypted.subarray(0, 40),
      'bomb.gz': gzipSync(Buffer.alloc(24 << 20)),
    })
    for (const command of ['scan', 'history']) {
      const run = await oakumJson([command], { cwd: repo.path })
      expect(verdictOf(run)).toEqual({ code: 0, findings: 0, complete: true })
      expect(
        run
          .report()
          .receipt.skipped.map(({ reason, outcome, member }) => [reason, outcome, member])
          .toSorted(),
      ).toEqual([
        ['archive-corrupt', 'bounded', undefined],
        ['archive-encrypted', 'bounded', 'a'],
        ['archive-ratio', 'bounded', command === 'scan' ? 'bomb' : 'content'],
      ])
    }
    const { code, stdout } = await oakum(['scan', '--strict-coverage'], { cwd: repo.path })
    expect(stdout).toContain('encrypted archive: locked.zip > a and 1 more of its members')
    expect(code).toBe(3)
  })

  test('of a pipe too', async () => {
    const pair = awsPair(4105)
    const run = await oakumJson(['stdin'], {
      cwd: temporaryFolder(),
      stdin: gzipSync(pairText(pair)),
    })
    expect(secretOrigin(expectOnlyPair(run, pair))).toMatchObject({
      kind: 'stdin',
      member: 'content',
      line: 3,
    })
  })
})

describe('a key is found in a binary', () => {
  const sources: readonly (readonly [
    file: string,
    source: string,
    text: (pair: Pair) => string,
    command: readonly string[],
  ])[] = [
    [
      'a.pyc',
      'a.py',
      ({ id, secret }) => `aws_access_key_id = "${id}"\naws_secret_access_key = "${secret}"\n`,
      ['python3', '-c', 'import py_compile, sys; py_compile.compile("a.py", sys.argv[1])'],
    ],
    [
      'A.class',
      'A.java',
      ({ id, secret }) =>
        `class A { static String awsAccessKeyId = "${id}"; static String awsSecretAccessKey = "${secret}"; }\n`,
      ['sh', '-c', 'javac A.java'],
    ],
    [
      'a.sqlite',
      'a.txt',
      (pair) => pairText(pair),
      [
        'python3',
        '-c',
        'import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute("create table t (a text)"); d.execute("insert into t values (?)", (open("a.txt").read(),)); d.commit()',
      ],
    ],
    [
      'rows.sqlite',
      'a.json',
      (pair) => JSON.stringify(pair),
      [
        'python3',
        '-c',
        `import json, sqlite3, sys
p = json.load(open("a.json")); d = sqlite3.connect(sys.argv[1]); d.execute("create table config (n integer, name text, value text)")
d.executemany("insert into config values (?, ?, ?)", [(n, "k" * n, "v" * (n * 40)) for n in range(300)])
d.executemany("insert into config values (?, ?, ?)", [(1, "aws_access_key_id", p["id"]), (2, "aws_secret_access_key", p["secret"]), (3, "rest", "x" * 9000)]); d.commit()`,
      ],
    ],
    [
      'a.elf',
      'a.c',
      (pair) =>
        `#include <stdio.h>\nint main(void) { puts(${JSON.stringify(pairText(pair))}); return 0; }\n`,
      ['gcc', '-o', 'FILE', 'a.c'],
    ],
  ]
  test.for(sources)(
    '%s',
    { timeout: 60_000 },
    async ([file, source, textOf, command], { skip }) => {
      const folder = temporaryFolder()
      const pair = awsPair(4200 + file.length)
      const [from, to] = [join(folder, source), join(folder, 'out', file)]
      writeFileSync(from, textOf(pair))
      const path = write(folder, file, command)
      if (path === undefined) return skip(`there is no ${command[0] ?? ''} here that writes it`)
      mkdirSync(dirname(to))
      writeFileSync(to, readFileSync(path))
      const run = await oakumJson(['scan', '--no-git', 'out'], { cwd: folder })
      const roles = run
        .report()
        .findings.flatMap(({ parts }) =>
          parts.map(({ role, redacted }) => `${role} ${redacted.slice(-4)}`),
        )
      expect(roles).toContain(`id ${pair.id.slice(-4)}`)
      expect(run.report().receipt.skipped).toEqual([])
    },
  )
})
