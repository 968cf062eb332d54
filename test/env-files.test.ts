/**
 * What a scan says of env files, of files of credentials, and of what is stored beside the
 * repository: whole scans within this process.
 */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { ScanResult } from '../src/model/outcome.ts'
import { jsonReport } from '../src/report/formats/json.ts'
import { textReport } from '../src/report/terminal/text.ts'
import { scan } from '../src/scan/scan.ts'
import type { Target } from '../src/model/target.ts'
import { awsPair, password } from './support/credentials.ts'
import { isolatedEnv, Repo } from './support/repo.ts'

function scanned(target: Target, repo: Repo): Promise<ScanResult> {
  return scan(target, { cwd: repo.path, env: isolatedEnv })
}

/** `path rule severity state` of each finding, in the order of paths. */
function told({ findings }: ScanResult): readonly string[] {
  return findings
    .map(({ rule, severity, places: [{ origin }] }) =>
      [origin.path?.text, rule.id, severity, origin.state].join(' '),
    )
    .sort()
}

function skipsOf({ receipt }: ScanResult, reason: string): readonly (string | undefined)[] {
  return receipt.skipped.filter((skip) => skip.reason === reason).map(({ path }) => path?.text)
}

function secretLine(seed: number): string {
  return `DB_PASSWORD=${password(seed)}\n`
}

/** A pointer as git lfs writes it, and where the content lies in a clone that has it. */
function lfs(content: string): {
  readonly pointer: string
  readonly stored: string
  readonly oid: string
} {
  const oid = createHash('sha256').update(content).digest('hex')
  return {
    oid,
    pointer: `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${Buffer.byteLength(content)}\n`,
    stored: `.git/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`,
  }
}

describe('env files', () => {
  test('come with what git does with them', async () => {
    const repo = Repo.create()
    repo.commit('Start', {
      '.gitignore': '.env.local\n',
      '.env': secretLine(700),
      'clean.env': 'PORT=3000\n',
      '.env.example': `API_TOKEN=${password(701)}\n`,
      '.envrc': 'export PORT=3000\n',
      'appsettings.json': '{ "Port": "3000" }',
    })
    repo
      .write('.env.staging', secretLine(702))
      .write('prod.env', secretLine(703))
      .write('.env.local', secretLine(704))
      .write('sub/.env', 'PORT=1\n')
    repo.git('add', 'prod.env')
    expect(told(await scanned({ name: 'scan' }, repo))).toEqual([
      '.env dotenv-secret medium tracked',
      '.env.example dotenv-secret medium template',
      '.env.staging dotenv-secret medium untracked',
      'clean.env dotenv-tracked low tracked',
      'prod.env dotenv-secret medium staged',
    ])
    expect(told(await scanned({ name: 'staged' }, repo))).toEqual([
      'prod.env dotenv-secret medium staged',
    ])
    expect(told(await scanned({ name: 'scan', paths: ['.env.local'] }, repo))).toEqual([
      '.env.local dotenv-secret medium ignored',
    ])
    expect(told(await scanned({ name: 'scan', paths: ['.env', 'sub/.env'] }, repo))).toEqual([
      '.env dotenv-secret medium tracked',
    ])
  })

  test('say so in their explanation, and in the text for people', async () => {
    const repo = Repo.create()
    repo.write('.env', secretLine(705))
    const result = await scanned({ name: 'scan' }, repo)
    const options = { version: '0', columns: 200, color: false }
    expect(JSON.parse(jsonReport(result, options)).findings[0].origins[0].state).toBe('untracked')
    expect(textReport(result, options)).toContain(
      'untracked and not ignored: the next `git add .` will stage it.',
    )
    expect(result.findings[0]?.explanation).toContain(
      'git does not ignore the file: the next git add . takes it',
    )
  })

  test('before the first commit are staged, not tracked', async () => {
    const repo = Repo.create()
    repo.write('.env', 'PORT=3000\n')
    repo.git('add', '.env')
    expect(told(await scanned({ name: 'scan' }, repo))).toEqual(['.env dotenv-tracked low staged'])
    const staged = await scanned({ name: 'staged' }, repo)
    expect(told(staged)).toEqual(['.env dotenv-tracked low staged'])
  })

  test('that are tracked without a secret are told once, not with every change', async () => {
    const repo = Repo.create()
    repo.commit('Start', { '.env': 'PORT=3000\n' })
    repo.write('.env', 'PORT=4000\n')
    repo.git('add', '.env')
    const run = await scanned({ name: 'staged' }, repo)
    expect(told(run)).toEqual([])
    expect(run.suppressed.map(({ suppression }) => suppression.by)).toEqual(['unchanged'])
  })

  test('are known by the compose file that names them', async () => {
    const repo = Repo.create()
    repo.commit('Start', {
      'deploy/compose.yaml':
        'services:\n  web:\n    env_file:\n      - ../conf/web.settings\n      - ../../../outside\n',
      'conf/web.settings': secretLine(706),
      'conf/other.settings': secretLine(707),
    })
    // Which the other file is not: there a general rule may find it.
    expect(
      told(await scanned({ name: 'scan' }, repo)).filter(
        (line) => !line.includes(' generic-secret '),
      ),
    ).toEqual(['conf/web.settings dotenv-secret medium tracked'])
  })

  test('with names that are patterns or options are asked for by name', async () => {
    const repo = Repo.create()
    repo.commit('Start', {
      '*.env': secretLine(708),
      '--all.env': 'PORT=1\n',
      ':(top).env': 'PORT=1\n',
    })
    expect(told(await scanned({ name: 'scan' }, repo))).toEqual([
      '*.env dotenv-secret medium tracked',
      '--all.env dotenv-tracked low tracked',
      ':(top).env dotenv-tracked low tracked',
    ])
  })

  test('in UTF-16, as a Windows shell writes them, are read', async () => {
    const repo = Repo.create()
    repo.write(
      '.env',
      Buffer.from(`\ufeffPORT=3000\r\nDB_PASSWORD=${password(709)}\r\n`, 'utf16le'),
    )
    expect(told(await scanned({ name: 'scan' }, repo))).toEqual([
      '.env dotenv-secret medium untracked',
    ])
  })
})

describe('files of credentials', () => {
  test('are read in the work tree and in history', async () => {
    const repo = Repo.create()
    repo.commit('Start', {
      'home/.pgpass': `db.example.org:5432:shop:tom:${password(710)}\n`,
      '.netrc': `machine example.org\n  login tom\n  password ${password(711)}\n`,
      'wp-config.php': `<?php\ndefine( 'DB_PASSWORD', '${password(712)}' );\n`,
    })
    const expected = ['.netrc', 'home/.pgpass', 'wp-config.php']
    expect(told(await scanned({ name: 'scan' }, repo))).toEqual(
      expected.map((path) => `${path} credentials-file high tracked`),
    )
    repo.git('rm', '-q', '-r', '.')
    repo.commitStaged('Remove them')
    for (let round = 0; round < 12; round++)
      repo.commit(`Round ${String(round)}`, {
        'home/.pgpass': `localhost:5432:*:tom:${password(730 + round)}\n`,
        [`file${String(round)}`]: 'x',
      })
    repo.git('repack', '-adq', '--window=50', '--depth=50')
    const run = await scanned({ name: 'history' }, repo)
    expect(told(run).filter((line) => line.includes('/.pgpass'))).toEqual(
      Array.from({ length: 13 }, () => 'home/.pgpass credentials-file high '),
    )
    expect(new Set(told(run))).toEqual(
      new Set(expected.map((path) => `${path} credentials-file high `)),
    )
    expect(run.findings.filter(({ attribution }) => attribution?.inHead)).toHaveLength(1)
  })

  test("of git itself are a finding of this clone: a remote's password", async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    repo.git('remote', 'add', 'origin', `https://tom:${password(713)}@git.example.org/shop.git`)
    repo.write(
      '.git/modules/a/lib/config',
      `[remote "origin"]\n\turl = https://tim:${password(714)}@git.example.org/lib.git\n`,
    )
    const expected = [
      '.git/config credentials-file medium local',
      '.git/modules/a/lib/config credentials-file medium local',
    ]
    expect(told(await scanned({ name: 'scan' }, repo))).toEqual(expected)
    const history = await scanned({ name: 'history' }, repo)
    expect(told(history)).toEqual(expected)
    expect(history.findings.map(({ attribution }) => attribution?.exposure)).toEqual([
      'local',
      'local',
    ])
    expect(told(await scanned({ name: 'scan', paths: ['README.md'] }, repo))).toEqual([])
  })

  test('of git itself without a password are no finding, and not counted', async () => {
    const repo = Repo.create()
    repo.commit('Start', { 'README.md': '# Shop\n' })
    repo.git('remote', 'add', 'origin', 'https://tom@git.example.org/shop.git')
    const run = await scanned({ name: 'scan' }, repo)
    expect(told(run)).toEqual([])
    expect(run.suppressed).toEqual([])
  })
})

describe('objects of Git LFS', () => {
  test.each(['scan', 'staged', 'history'] as const)(
    'that this clone has are read: %s',
    async (name) => {
      const { id, secret } = awsPair(720)
      const content = `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
      const { pointer, stored } = lfs(content)
      const repo = Repo.create()
      repo.commit('Start', { 'README.md': '# Shop\n' })
      repo.write(stored, content).write('dump.ini', pointer)
      repo.git('add', 'dump.ini')
      if (name === 'history') repo.commitStaged('Dump')
      expect(told(await scanned({ name }, repo))).toEqual(['dump.ini aws-access-key high '])
    },
  )

  test('are read for every version of a pointer, packed as what changed', async () => {
    const repo = Repo.create()
    for (let round = 0; round < 12; round++) {
      const content = `DATABASE_URL=postgres://app:${password(740 + round)}@db.example/app\n`
      const { pointer, stored } = lfs(content)
      repo.write(stored, content).commit(`Round ${String(round)}`, { 'dump.ini': pointer })
    }
    repo.git('repack', '-adq', '--window=50', '--depth=50')
    for (const reader of ['auto', 'cat-file'] as const) {
      const { findings } = await scan(
        { name: 'history' },
        { cwd: repo.path, env: isolatedEnv, reader },
      )
      expect(findings.map(({ places: [{ origin }] }) => origin.path?.text)).toEqual(
        Array.from({ length: 12 }, () => 'dump.ini'),
      )
    }
  })

  test('that it has not are a bounded skip each', async () => {
    const repo = Repo.create()
    repo.commit('Start', {
      'dump.ini': lfs('gone\n').pointer,
      'copy.ini': lfs('gone\n').pointer,
      'other.ini': lfs('gone too\n').pointer,
    })
    for (const name of ['scan', 'history'] as const) {
      const run = await scanned({ name }, repo)
      expect(skipsOf(run, 'lfs')).toHaveLength(2)
      expect([run.findings.length, run.receipt.complete]).toEqual([0, true])
    }
  })

  test('that are not what their pointer says make a scan incomplete', async () => {
    const { pointer, stored } = lfs('content\n')
    const repo = Repo.create()
    repo.commit('Start', { 'dump.ini': pointer })
    repo.write(stored, 'cut')
    const run = await scanned({ name: 'scan' }, repo)
    expect(skipsOf(run, 'corrupt')).toEqual(['dump.ini'])
    expect(run.receipt.complete).toBe(false)
  })

  test('are not looked for in what only speaks of them', async () => {
    const repo = Repo.create()
    const { pointer } = lfs('x')
    repo.commit('Start', {
      'a.md': `# ${pointer}`,
      'b.md': pointer.replace('sha256', 'md5'),
      'c.md': `${pointer}${'x'.repeat(2000)}`,
    })
    expect((await scanned({ name: 'scan' }, repo)).receipt.skipped).toEqual([])
  })
})
