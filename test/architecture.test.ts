import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = resolve(import.meta.dirname, '../src')

/** Who may import whom: an area is a folder of `src`, or a file at its top. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  git: ['model'],
  report: ['model'],
  rules: ['model'],
  verify: ['model', 'rules', 'scan'],
  config: ['git', 'model', 'rules', 'scan'],
  scan: ['config', 'git', 'model', 'rules'],
  remediation: ['git', 'model', 'report', 'rules', 'scan'],
  setup: ['config', 'git', 'model', 'rules', 'scan'],
  audit: ['config', 'git', 'model', 'report', 'scan', 'verify'],
  index: ['config', 'model', 'report', 'rules', 'scan', 'verify'],
  action: ['cli', 'config', 'git', 'model', 'report', 'scan', 'verify'],
  cli: [
    'audit',
    'config',
    'git',
    'model',
    'remediation',
    'report',
    'rules',
    'scan',
    'setup',
    'verify',
  ],
}

/** The one place (a file, or a folder) that imports each package. */
const homeOf: Readonly<Record<string, string | readonly string[]>> = {
  'simple-git': 'git/commands/repository.ts',
  'fast-glob': 'scan/sources/folder.ts',
  'p-limit': ['scan/sources/read-files.ts', 'verify/'],
  '@aws-sdk/client-sts': 'verify/sts.ts',
  '@aws-sdk/client-iam': 'verify/iam.ts',
  '@aws-sdk/client-cloudtrail': 'verify/cloudtrail.ts',
  '@aws-sdk/credential-provider-ini': 'verify/owner.ts',
  'smol-toml': 'setup/import/gitleaks/config.ts',
  yargs: 'cli/',
  ink: 'audit/screen/',
  react: 'audit/screen/',
  yauzl: 'scan/archives/zip',
  'modern-tar': 'scan/archives/tar.ts',
  'seek-bzip': 'scan/archives/bzip2.ts',
  'xz-decompress': 'scan/archives/xz.ts',
  yaml: 'rules/yaml',
  scslre: 'rules/backtracking.ts',
}

const pure = [
  'git/wasm/',
  'scan/archives/',
  'detect/',
  'scan/env-files/',
  'suppress/',
  'scan/findings/',
  'report/',
  'report/next-steps/',
  'audit/verdict/',
]
const offline = [
  'git/',
  'pack/',
  'scan/sources/',
  'attribute/',
  'scan/engine.ts',
  'scan/events.ts',
  'scan/staged-fast-path/',
  'scan/explain.ts',
  'scan/scan.ts',
  'scan/collect.ts',
  'scan/receipt.ts',
  'rules/',
  'config/',
  'model/policy.ts',
  'setup/import/',
  'setup/install/',
  'setup/doctor/',
  'audit/',
  'audit/screen/',
  ...pure,
]
const network = /^(node:)?(net|tls|http|https|http2|dgram|dns)(\/|$)/
const bannedName = /(^|[/-])(utils?|helpers?|common|shared|core|misc|manager|handler)([.-]|\/|$)/

/** Files that may call `reveal()`, with what for. */
const mayReveal: Readonly<Record<string, string>> = {
  'scan/detect/join.ts': 'equal values are one credential',
  'scan/shards/id-fingerprints.ts': 'equal ids are of one credential',
  'scan/findings/nearest-keyword.ts': 'how far the keyword stands from the secret',
  'scan/findings/redact.ts': 'the line around it, without the secrets in it',
  'scan/findings/explained.ts': 'the few characters that stay visible',
  'scan/findings/conclude.ts': 'equal values are one credential',
  'setup/import/secret-finder.ts': 'hashes of values are compared with those of a baseline',
  'report/formats/json.ts': '--show-secrets',
  'report/terminal/text.ts': '--show-secrets',
  'model/scrubber.ts': 'a name that holds a secret is shown without it, and not kept',
  'remediation/rewrite/edits.ts': 'whether it stands somewhere as it is: by its length',
  'remediation/rewrite/values.ts': 'rules that find a value wherever it stands',
  'scan/suppress/inline-marker.ts': 'the line is looked for in the file as it was',
  'scan/suppress/policy-judge.ts': 'values that the configuration allows',
  'scan/suppress/suppressor.ts': 'judges values and the lines around them',
  'verify/credential.ts': 'what AWS is asked about has to have the form of what AWS issues',
  'verify/connection.ts': 'what the SDK signs with',
  'verify/verify.ts': 'equal values are asked about once',
}

interface SourceFile {
  readonly path: string
  readonly text: string
  readonly imports: readonly string[]
}

const files: readonly SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && path !== join('rules', 'builtin.ts'))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8')
    const imports = [
      ...text.matchAll(
        /^(?:import|export)\b[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm,
      ),
    ]
    return {
      path: path.replaceAll('\\', '/'),
      text,
      imports: imports.map((m) => m[1] ?? m[2] ?? m[3] ?? ''),
    }
  })

function areaOf(path: string): string {
  return (path.includes('/') ? path.slice(0, path.indexOf('/')) : path).replace(/\.tsx?$/, '')
}

function ownImports(file: SourceFile): readonly string[] {
  return file.imports
    .filter((name) => name.startsWith('.'))
    .map((name) =>
      posix.normalize(relative(src, resolve(src, dirname(file.path), name)).replaceAll('\\', '/')),
    )
}

describe.each(files.map((file) => [file.path, file] as const))('src/%s', (path, file) => {
  test('imports only what its area may', () => {
    const area = areaOf(path)
    const allowed = mayImport[area]
    expect(allowed, `the import table has no row for ${area}`).toBeDefined()
    const wrong = ownImports(file).filter(
      (to) => areaOf(to) !== area && !allowed?.includes(areaOf(to)),
    )
    expect(wrong).toEqual([])
  })

  test('imports packages only in their one place', () => {
    const packages = file.imports.filter(
      (name) => !name.startsWith('.') && !name.startsWith('node:'),
    )
    const wrong = packages.filter((name) => {
      const home =
        homeOf[
          Object.keys(homeOf).find((known) => name === known || name.startsWith(`${known}/`)) ?? ''
        ]
      return home === undefined || ![home].flat().some((place) => path.startsWith(place))
    })
    expect(wrong).toEqual([])
  })

  test('reaches neither disk, process nor network where it must not', () => {
    const within = (places: readonly string[]): boolean =>
      places.some((place) => path.startsWith(place))
    const wrong = file.imports.filter(
      (name) =>
        (within(offline) && network.test(name)) ||
        (within(pure) && /^node:(fs|child_process)/.test(name)) ||
        (name.startsWith('node:child_process') && path !== 'git/commands/run.ts'),
    )
    expect(wrong).toEqual([])
    // The SDK takes what it is told about its warnings from nowhere else.
    if (
      path !== 'cli/process/process.ts' &&
      path !== 'cli/process/bundles.ts' &&
      path !== 'action/bin.ts' &&
      path !== 'scan/scan.ts' &&
      path !== 'verify/connection.ts'
    )
      expect(file.text.replaceAll(/'[^'\n]*'/g, '')).not.toMatch(
        /\bprocess\.(exit|argv|env|stdout|stderr|stdin|on)\b/,
      )
  })

  test('is short, and named for one thing', () => {
    expect(file.text.split('\n').length).toBeLessThanOrEqual(601)
    expect(path).not.toMatch(bannedName)
  })

  test('reveals secrets only where the list says', () => {
    if (path === 'model/secret.ts') return
    expect(file.text.includes('.reveal()') && !(path in mayReveal)).toBe(false)
  })
})

test('folders are at most three deep', () => {
  expect(files.filter((file) => file.path.split('/').length > 4)).toEqual([])
})

test('the list of those who reveal has no stale row', () => {
  const callers = files
    .filter((file) => file.path !== 'model/secret.ts' && file.text.includes('.reveal()'))
    .map((file) => file.path)
  expect(Object.keys(mayReveal).filter((path) => !callers.includes(path))).toEqual([])
})
