import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Imported, Tool } from '../../../src/setup/import/model.ts'
import { importFiles } from '../../../src/setup/import/run.ts'
import { awsPair, githubToken } from '../../support/credentials.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'

async function imported(
  tool: Tool,
  files: Readonly<Record<string, string>>,
  named: readonly string[] = [],
): Promise<Imported> {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return importFiles({ tool, files: named, cwd: folder, env: isolatedEnv })
}

const logLines = ({ log }: Imported): readonly string[] =>
  log.map(
    ({ line, entry, outcome, notes }) =>
      `${outcome} ${line === undefined ? '' : `${line} `}${entry}: ${notes.join('; ')}`,
  )
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')

const baseline = (
  entries: Readonly<Record<string, readonly object[]>>,
  more: object = {},
): string =>
  JSON.stringify({
    version: '1.5.0',
    plugins_used: [{ name: 'AWSKeyDetector' }],
    results: entries,
    ...more,
  })
const secret = (value: string, more: object = {}) => ({
  type: 'GitHub Token',
  hashed_secret: sha1(value),
  is_verified: false,
  line_number: 1,
  ...more,
})

describe('a baseline of detect-secrets', () => {
  const token = githubToken(21)
  const pair = awsPair(22)
  const files = {
    'src/config.py': `TOKEN = "${token}"\n`,
    'deploy.ini': `aws_access_key_id = ${pair.id}\naws_secret_access_key = ${pair.secret}\n`,
  }
  test('allows the secrets that Oakum finds and whose hashes match, each in its file', async () => {
    const { secrets } = await imported('detect-secrets', {
      ...files,
      '.secrets.baseline': baseline({
        'src/config.py': [secret(token, { is_secret: false })],
        'deploy.ini': [secret(pair.secret)],
      }),
    })
    expect(secrets).toEqual([
      {
        fingerprint: expect.stringMatching(/^oak1-[0-9a-f]{32}$/),
        paths: ['src/config.py'],
        reason: 'Audited as no secret in the baseline of detect-secrets (GitHub Token).',
      },
      {
        fingerprint: expect.stringMatching(/^oak1-[0-9a-f]{32}$/),
        paths: ['deploy.ini'],
        reason: 'Not audited in the baseline of detect-secrets (GitHub Token).',
      },
    ])
  })

  test('skips every entry that it cannot resolve', async () => {
    const result = await imported('detect-secrets', {
      ...files,
      '.secrets.baseline': baseline({
        'src/config.py': [secret(githubToken(23)), secret(token, { is_secret: true })],
        'deploy.ini': [secret(pair.id)],
        'gone.py': [secret(token)],
        '../outside': [secret(token)],
      }),
    })
    expect(result.secrets).toEqual([])
    expect(logLines(result)).toEqual([
      'skipped src/config.py, GitHub Token 1: Oakum finds no such value in the file, so there is nothing to allow',
      'skipped src/config.py, GitHub Token 2: its audit says that it is a secret: rotate it',
      'skipped deploy.ini, GitHub Token 1: it is the id of a credential, and the entry does not cover the secret',
      'skipped gone.py, GitHub Token 1: the file no longer exists',
      'skipped ../outside, GitHub Token 1: the file no longer exists',
      'skipped 1 plugins: Oakum has rules of its own',
    ])
  })

  test('excludes files, in the old form and the new one', async () => {
    const filters = [
      { path: 'detect_secrets.filters.regex.should_exclude_file', pattern: ['^test/', '(?!x)'] },
      { path: 'detect_secrets.filters.regex.should_exclude_line', pattern: ['x'] },
      { path: 'detect_secrets.filters.heuristic.is_sequential_string' },
      { path: 'file://own.py::is_ours' },
    ]
    const result = await imported('detect-secrets', {
      '.secrets.baseline': baseline(
        {},
        { filters_used: filters, exclude: { files: 'package-lock\\.json', lines: 'x' } },
      ),
    })
    expect(result.paths).toEqual([
      { pattern: 'package-lock\\.json', reason: 'Excluded in detect-secrets.' },
      { pattern: '^test/', reason: 'Excluded in detect-secrets.' },
    ])
    expect(logLines(result).map((line) => line.split(':')[0])).toEqual([
      'imported exclude.files',
      'skipped exclude.lines',
      'imported filter should_exclude_file, pattern 1',
      'skipped filter should_exclude_file, pattern 2',
      'skipped filter should_exclude_line, pattern 1',
      'skipped filter is_ours',
      'skipped 1 plugins',
    ])
  })

  test.each(['{', '[]', '{"results": []}', '{"results": {"a": [1]}}', 'null'])(
    'an invalid file is an error of one line: %s',
    async (text) => {
      const failure: unknown = await imported('detect-secrets', {
        '.secrets.baseline': text,
      }).catch((error: unknown) => error)
      if (text === '{"results": []}') expect(failure).toMatchObject({ secrets: [] })
      else expect(String(failure)).toMatch(/^ConfigError: \.secrets\.baseline[^\n]*$/)
    },
  )
})

describe('files of trufflehog', () => {
  const detectors = `
detectors:
  - name: AcmeToken
    keywords: [acme]
    regex: { token: '\\bacme_([a-z0-9]{32})\\b' }
    entropy: 3.5
    exclude_words: [sandbox]
    exclude_regexes_capture: ['^0+']
    exclude_regexes_match: ['const']
    verify: [{ endpoint: 'https://acme.example' }]
  - name: Pair
    keywords: [hogwarts]
    regex: { id: 'HOG[0-9A-Z]{17}', secret: '[A-Za-z0-9+/]{40}' }
  - name: Nothing
`
  test('custom detectors become rules, and their exclusions hold for those rules', async () => {
    const result = await imported('trufflehog', { 'x.yaml': detectors }, ['x.yaml'])
    expect(
      result.rules.map(({ id, parts }) => [
        id,
        parts[0].keywords.map(({ text }) => text).slice(0, 2),
        parts[0].pattern.text,
      ]),
    ).toEqual([
      ['acmetoken', ['acme'], '\\bacme_(?<secret>[\\da-z]{32})\\b'],
      ['pair-id', ['HOGZ', 'HOGY'], '(?<secret>HOG[\\dA-Z]{17})'],
      ['pair-secret', ['hogwarts'], '(?<secret>[+/-9a-z]{40})'],
    ])
    expect(result.values).toEqual([
      { contains: 'sandbox', rules: ['acmetoken'], reason: 'Excluded in trufflehog.' },
      { pattern: '0[^]*', rules: ['acmetoken'], reason: 'Excluded in trufflehog.' },
      { pattern: '[^]*const[^]*', rules: ['acmetoken'], reason: 'Excluded in trufflehog.' },
    ])
    expect(logLines(result)).toContain(
      'skipped detector AcmeToken, verify: Oakum sends secrets to AWS only, and only on request',
    )
    expect(logLines(result)).toContain('skipped detector Nothing: it has no regex')
  })

  test('excluded paths become allowed ones', async () => {
    const result = await imported('trufflehog', { 'exclude.txt': '# remark\n\n^vendor/\r\n.*\n' }, [
      'exclude.txt',
    ])
    expect(result.paths).toEqual([{ pattern: '^vendor/', reason: 'Excluded in trufflehog.' }])
    expect(logLines(result)).toEqual([
      'imported 3 path: ',
      'skipped 4 path: it would allow every path',
    ])
  })

  test.each(['detectors: [', 'detectors: &a [*a]', '- x'])(
    'invalid ones are errors of one line: %s',
    async (text) => {
      await expect(imported('trufflehog', { 'x.yml': text }, ['x.yml'])).rejects.toThrow(
        /^x\.yml:[^\n]*$/,
      )
    },
  )
})

describe('git-secrets', () => {
  test('patterns and allowed expressions are imported, and commands are not', async () => {
    const repo = Repo.create()
    for (const [name, value] of [
      ['patterns', 'acme_[a-z0-9]{32}'],
      ['patterns', '(A3T[A-Z0-9]|AKIA)[A-Z0-9]{16}'],
      ['patterns', '[0-9]{40}'],
      ['allowed', 'made-up-key'],
      ['providers', 'touch owned'],
    ] as const) {
      repo.git('config', '--add', `secrets.${name}`, value)
    }
    repo.write(
      '.gitallowed',
      '# remark\ntest/fixtures/\n^docs/keys\\.md:.*\nx\n.*\nsrc/a.ts:.*made-up\ndocs/.*$\n[0-9]\\d\n',
    )
    const result = await importFiles({
      tool: 'git-secrets',
      files: [],
      cwd: repo.path,
      env: isolatedEnv,
    })
    expect(result.rules.map(({ id, parts }) => [id, parts[0].pattern.text])).toEqual([
      ['git-secrets-pattern-1', '(?<secret>(?<!\\w)acme_[\\da-z]{32}(?!\\w))'],
    ])
    expect(result.values.map((value) => ('pattern' in value ? value.pattern : ''))).toEqual([
      '[^]*made-up-key[^]*',
    ])
    expect(result.paths.map((path) => ('pattern' in path ? path.pattern : ''))).toEqual([
      'test/fixtures/',
      '(?<![^\\n])docs/keys\\.md(?![^\\n])',
    ])
    expect(logLines(result).map((line) => line.split(':')[0])).toEqual([
      'imported secrets.patterns 1',
      'skipped secrets.patterns 2',
      'skipped secrets.patterns 3',
      'narrower secrets.allowed 1',
      'narrower 2 allowed',
      'narrower 3 allowed',
      'skipped 4 allowed',
      'skipped 5 allowed',
      'skipped 6 allowed',
      'skipped 7 allowed',
      'skipped 8 allowed',
      'skipped secrets.providers 1',
    ])
  })
})

test('secretlint: allow lists hold for the rule’s providers, ignored files become allowed paths', async () => {
  const rules = [
    {
      id: '@secretlint/secretlint-rule-preset-recommend',
      rules: [
        {
          id: '@secretlint/secretlint-rule-aws',
          options: { allows: ['made+up', '/^dummy-\\d+$/i', '/a(?=b)/'] },
          allowMessageIds: ['AWSAccountID'],
        },
        { id: '@secretlint/secretlint-rule-sendgrid', options: { allows: ['made-up'] } },
        { id: '@secretlint/secretlint-rule-npm', disabled: true },
      ],
    },
  ]
  const result = await imported('secretlint', {
    '.secretlintrc.json': JSON.stringify({ rules }),
    '.secretlintignore': 'dist/\n',
  })
  expect(result.values).toEqual([
    { pattern: '[^]*made\\+up[^]*', rules: ['aws'], reason: 'Allowed in secretlint.' },
    { pattern: '[Dd][Uu][Mm][Mm][Yy]-\\d+', rules: ['aws'], reason: 'Allowed in secretlint.' },
  ])
  expect(result.paths).toEqual([{ pattern: '(?:^|/)dist/', reason: 'Ignored in secretlint.' }])
  expect(result.log.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(4)
})

test.each(['gitleaks', 'detect-secrets', 'trufflehog', 'secretlint'] as const)(
  '%s without a file is an error that asks for one',
  async (tool) => {
    await expect(imported(tool, {})).rejects.toThrow(/name|needs/)
  },
)
