import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Imported } from '../../../src/setup/import/model.ts'
import { importFiles } from '../../../src/setup/import/run.ts'
import { scan } from '../../../src/scan/scan.ts'
import { githubToken } from '../../support/credentials.ts'
import { isolatedEnv, Repo, temporaryFolder } from '../../support/repo.ts'

/** Imports a configuration of the given text. */
async function imported(
  toml: string,
  others: Readonly<Record<string, string>> = {},
): Promise<Imported> {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries({ ...others, '.gitleaks.toml': toml }))
    writeFileSync(join(folder, name), text)
  return importFiles({ tool: 'gitleaks', files: ['.gitleaks.toml'], cwd: folder, env: isolatedEnv })
}

const outcomes = ({ log }: Imported): Readonly<Record<string, string>> =>
  Object.fromEntries(log.map(({ entry, outcome }) => [entry, outcome]))
const noteOf = ({ log }: Imported, entry: string): string =>
  log
    .filter((logEntry) => logEntry.entry === entry)
    .flatMap(({ notes }) => notes)
    .join('; ')

const rule = `
[[rules]]
id = "acme-token"
description = "Acme’s token."
regex = '''\\b(acme_[a-z0-9]{32})\\b'''
keywords = ["ACME_"]
entropy = 3.5
`

describe('rules of gitleaks', () => {
  test('become rules of Oakum', async () => {
    const { rules } = await imported(rule)
    expect(rules).toEqual([
      {
        id: 'acme-token',
        description: 'Acme s token',
        severity: 'high',
        madeBy: 'machine',
        parts: [
          {
            keywords: [{ text: 'acme_', ignoreCase: true }],
            pattern: { text: '\\b(?<secret>acme_[\\da-z]{32})\\b', ignoreCase: false },
            window: 256,
            entropy: 3.5,
          },
        ],
      },
    ])
  })

  test('keep their names where those are free and valid', async () => {
    const many = ['npm-token', 'Acme Key!', 'Acme-Key', '1st', 'gitleaks', '…']
      .map((id) => rule.replace('acme-token', id))
      .join('\n')
    expect((await imported(many)).rules.map(({ id }) => id)).toEqual([
      'gitleaks-npm-token',
      'acme-key',
      'gitleaks-acme-key',
      'gitleaks-1st',
      'gitleaks-gitleaks',
      'gitleaks-rule',
    ])
  })

  test.each([
    [
      'without a keyword, whose form has no literal',
      `[[rules]]\nid = "x"\nregex = "[0-9a-f]{40}"`,
      'no keyword',
    ],
    [
      'with a short keyword, whose form has no literal',
      `[[rules]]\nid = "x"\nregex = "[0-9a-f]{40}"\nkeywords = ["ab"]`,
      'shorter than four',
    ],
    ['of a path', `[[rules]]\nid = "x"\npath = "\\\\.p12$"`, 'by their names'],
    [
      'that are not reported',
      `[[rules]]\nid = "x"\nregex = "acme_x"\nskipReport = true`,
      'does not report',
    ],
    [
      'with 20,000 alternatives',
      `[[rules]]\nid = "x"\nregex = "(${Array.from({ length: 20_000 }, (_, at) => `acme${at}`).join('|')})=[0-9]+"`,
      'longer than 10000 characters',
    ],
    ['with a lookahead', `[[rules]]\nid = "x"\nregex = "acme(?=_x)"`, 'looks around'],
    [
      'with an impossible entropy',
      `[[rules]]\nid = "x"\nregex = "acme_x"\nentropy = 9.5`,
      'no text has an entropy',
    ],
    [
      'that change one of gitleaks’ own',
      `[extend]\nuseDefault = true\n[[rules]]\nid = "x"\nentropy = 2`,
      'no copy of',
    ],
  ])('%s are skipped, with the reason in the log', async (_, toml, reason) => {
    const result = await imported(toml)
    expect(result.rules).toEqual([])
    expect(outcomes(result)['rule x']).toBe('skipped')
    expect(noteOf(result, 'rule x')).toContain(reason)
  })

  test('that consist of literals do not match their own pattern file', async () => {
    const [translated] = (
      await imported(
        `[[rules]]\nid = "x"\nregex = "acme-key-of-everybody"\nkeywords = ["acme-key-of-everybody"]`,
      )
    ).rules
    expect(translated?.parts[0].keywords).toEqual([{ text: 'acme-key-of-ever', ignoreCase: false }])
    expect(translated?.parts[0].pattern.text).toBe('(?<secret>[a]cme-key-of-everybody)')
  })

  test('with a keyword elsewhere in the file are logged as narrower', async () => {
    const result = await imported(
      `[[rules]]\nid = "x"\nregex = "[0-9a-f]{40}"\nkeywords = ["acme"]`,
    )
    expect(outcomes(result)['rule x']).toBe('narrower')
    expect(result.rules[0]?.parts[0].window).toBe(2048)
  })

  test('come from an extended file too, except for disabled ones', async () => {
    const base = [
      rule,
      rule.replace('acme-token', 'other-token'),
      rule.replace('acme-token', 'third-token'),
      '[[allowlists]]\npaths = ["^vendored/"]',
    ].join('')
    const result = await imported(
      '[extend]\npath = "base.toml"\ndisabledRules = ["other-token"]\n' +
        '[[rules]]\nid = "third-token"\nentropy = 4.5\n',
      { 'base.toml': base },
    )
    expect(result.rules.map(({ id, parts }) => [id, parts[0].entropy])).toEqual([
      ['acme-token', 3.5],
      ['third-token', 4.5],
    ])
    expect(outcomes(result)['rule other-token']).toBe('skipped')
    expect(result.paths).toHaveLength(1)
  })
})

describe('allowlists of gitleaks', () => {
  test('in the old form, for all rules', async () => {
    const result = await imported(
      `${rule}
[allowlist]
description = "Tests"
paths = ["^test/", '''(?i)\\.svg$''']
regexes = ["made-up-[a-z]+", "^abc$"]
stopwords = ["sandbox"]`,
    )
    expect(result.paths).toEqual([
      { pattern: '^test/', reason: 'Allowed in gitleaks: Tests' },
      { pattern: '\\.[Ss][Vv][Gg]$', reason: 'Allowed in gitleaks: Tests' },
    ])
    // A short value for all rules would hide findings of rules that gitleaks does not have.
    expect(result.values).toMatchObject([
      { pattern: '[^]*made-up-[a-z][^]*' },
      { pattern: 'abc', rules: ['gitleaks'] },
      { contains: 'sandbox', rules: ['gitleaks'] },
    ])
    expect(outcomes(result)).toMatchObject({
      'allowlist 1, regex 1': 'imported',
      'allowlist 1, regex 2': 'narrower',
      'allowlist 1, 1 stopwords': 'narrower',
    })
  })

  test('of a rule hold for that rule, and those with targetRules for these', async () => {
    const result = await imported(
      `${rule}
[[rules.allowlists]]
regexes = ["abc"]
[[allowlists]]
targetRules = ["acme-token"]
paths = ["^x/"]
[[allowlists]]
targetRules = ["nobody"]
paths = ["^y/"]`,
    )
    expect(result.values.map(({ rules }) => rules)).toEqual([['acme-token']])
    expect(result.paths).toMatchObject([{ pattern: '^x/', rules: ['acme-token'] }])
    expect(outcomes(result)['allowlist 2']).toBe('skipped')
  })

  test('whose conditions must all match become values in certain paths, or nothing', async () => {
    const result = await imported(`${rule}
[[rules.allowlists]]
condition = "AND"
paths = ['''(?:^|/)docs/''']
regexes = ["made-up"]
[[rules.allowlists]]
condition = "AND"
paths = ['''\\bdocs''']
regexes = ["made-up"]
[[rules.allowlists]]
condition = "AND"
regexes = ["made-up"]
stopwords = ["sandbox"]`)
    expect(result.values).toMatchObject([
      { pattern: '[^]*made-up[^]*', rules: ['acme-token'], paths: ['docs/**', '**/docs/**'] },
    ])
    expect(result.log.filter(({ outcome }) => outcome === 'skipped')).toHaveLength(2)
  })

  test.each(['.*', '', '(?:.|x)'])(
    'never allow everything: path and value %j are skipped',
    async (everything) => {
      const result = await imported(
        `${rule}\n[allowlist]\npaths = ['''${everything}''']\nregexes = ['''${everything}''']`,
      )
      expect([...result.paths, ...result.values]).toEqual([])
      expect(outcomes(result)).toMatchObject({
        'allowlist 1, path 1': 'skipped',
        'allowlist 1, regex 1': 'skipped',
      })
    },
  )

  test('that contain a secret of Oakum’s own rules name its fingerprint instead', async () => {
    const token = githubToken(5)
    const result = await imported(`[allowlist]\nregexes = ["${token}"]`)
    expect(result.values).toEqual([])
    expect(result.log.at(-1)?.notes[0]).toMatch(/oakum allow oak1-[0-9a-f]{32} /)
    expect(JSON.stringify(result)).not.toContain(token.slice(8))
  })
})

describe('an invalid configuration', () => {
  test.each([
    ['[[rules]\n', 'line 1'],
    ['rules = "x"', 'rules'],
    ['[[rules]]\nregex = "x"', 'rules[0]: expected an id'],
    ['[[rules]]\nid = "x"\nregex = ["a"]', 'rules[0].regex: expected a text'],
    ['[[rules]]\nid = "x"\nentropy = "high"', 'rules[0].entropy: expected a number'],
    ['[allowlist]\nregexTarget = "file"\nregexes = ["x"]', 'regexTarget'],
    ['[allowlist]\ncondition = "XOR"\nregexes = ["x"]', 'condition'],
    ['[extend]\npath = "missing.toml"', 'missing.toml, which does not exist'],
    ['[extend]\npath = "https://config.example/x.toml"', 'nothing is downloaded'],
    ['\u0000', 'invalid TOML'],
  ])('%j is an error of one line', async (toml, message) => {
    const failure = await imported(toml).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ name: expect.stringMatching(/^(Config|Usage)Error$/) })
    expect(String(failure)).toContain(message)
    expect(String(failure)).not.toContain('\n')
  })
})

async function fingerprintOf(token: string): Promise<string> {
  const { findings } = await scan({
    name: 'stdin',
    stream: (async function* () {
      yield Buffer.from(token)
    })(),
  })
  return findings[0]?.fingerprint ?? ''
}

describe('.gitleaksignore', () => {
  const other = githubToken(8)
  const repo = Repo.create()
  const [first, second] = [githubToken(6), githubToken(7)]
  const old = repo.commit('one', { 'config.txt': `token: ${first}\n\ntwo: ${first} ${other}\n` })
  repo.commit('two', {
    'config.txt': `nothing\ntoken: ${second}\n`,
    'a*b.txt': `token: ${second}\n`,
  })
  const ignore = async (...lines: readonly string[]): Promise<Imported> => {
    writeFileSync(join(repo.path, '.gitleaksignore'), `# remark\n${lines.join('\r\n')}\n`)
    return importFiles({
      tool: 'gitleaks',
      files: ['.gitleaksignore'],
      cwd: repo.path,
      env: isolatedEnv,
    })
  }
  test('allows the values at its positions', async () => {
    const { secrets } = await ignore(`${old}:config.txt:github-pat:1`, 'config.txt:github-pat:2')
    expect(secrets).toEqual([
      {
        fingerprint: await fingerprintOf(first),
        paths: ['config.txt'],
        reason: 'In .gitleaksignore, for the rule github-pat.',
      },
      {
        fingerprint: await fingerprintOf(second),
        paths: ['config.txt'],
        reason: 'In .gitleaksignore, for the rule github-pat.',
      },
    ])
  })

  test.each([
    [`${old}:config.txt:github-pat:2`, 'finds nothing there'],
    [`${old}:config.txt:github-pat:3`, 'finds 2 secrets on that line'],
    ['config.txt:github-pat:1', 'finds nothing there'],
    ['gone.txt:github-pat:1', 'no such file'],
    [`${'0'.repeat(40)}:config.txt:github-pat:1`, 'no such file in that commit'],
    ['a*b.txt:github-pat:1', 'no glob can express'],
    ['../config.txt:github-pat:1', 'no such file'],
    ['github-pat:1', 'neither'],
    ['--help:x:1', 'no such file'],
  ])('%s is skipped: %s', async (line, reason) => {
    const { secrets, log } = await ignore(line)
    expect(secrets).toEqual([])
    expect(log).toMatchObject([{ line: 2, outcome: 'skipped' }])
    expect(log[0]?.notes[0]).toContain(reason)
  })

  test('allows the values that an allowed commit introduced', async () => {
    writeFileSync(
      join(repo.path, 'x.toml'),
      `[allowlist]\ncommits = ["${old}", "${repo.git('rev-parse', 'HEAD')}", "${'1'.repeat(40)}"]`,
    )
    const { secrets, log } = await importFiles({
      tool: 'gitleaks',
      files: ['x.toml'],
      cwd: repo.path,
      env: isolatedEnv,
    })
    expect(secrets.map(({ fingerprint }) => fingerprint)).toEqual([
      await fingerprintOf(first),
      await fingerprintOf(other),
      await fingerprintOf(second),
    ])
    expect(log.map(({ outcome }) => outcome)).toEqual(['narrower', 'narrower', 'skipped'])
  })
})
