import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = resolve(import.meta.dirname, '../src')

/** Who may import whom: an area is a folder of `src`, or a file at its top. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  secret: [],
  errors: [],
  suggestion: [],
  rule: [],
  quantity: [],
  policy: ['rule', 'rules'],
  'lazy-crypto': [],
  scrubber: ['model'],
  verification: [],
  attribution: ['model'],
  sighting: ['rule', 'secret'],
  model: ['attribution', 'secret', 'rule', 'sighting', 'verification'],
  outcome: ['git', 'model', 'policy'],
  target: ['git', 'model', 'outcome', 'policy'],
  rules: ['lazy-crypto', 'suggestion', 'model', 'rule', 'policy', 'errors'],
  wasm: [],
  pack: ['model', 'git', 'wasm'],
  containers: ['model', 'git'],
  detect: ['model', 'rule', 'secret', 'wasm'],
  dotenv: ['model', 'rule', 'secret'],
  suppress: ['lazy-crypto', 'model', 'rule', 'policy', 'findings'],
  findings: ['lazy-crypto', 'model', 'sighting', 'outcome', 'rule', 'secret'],
  git: ['lazy-crypto', 'model', 'rule', 'errors', 'wasm'],
  sources: ['lazy-crypto', 'model', 'rule', 'target', 'git', 'pack', 'dotenv', 'errors'],
  attribute: ['lazy-crypto', 'scrubber', 'model', 'rule', 'git', 'errors', 'wasm'],
  verify: ['model', 'verification', 'rule', 'rules', 'secret', 'errors', 'findings', 'version'],
  remedy: ['model', 'verification', 'rule'],
  report: ['scrubber', 'model', 'sighting', 'verification', 'outcome', 'rule', 'secret', 'remedy'],
  config: ['containers', 'errors', 'suggestion', 'quantity', 'policy', 'rule', 'rules', 'suppress', 'git'],
  collect: ['model', 'outcome', 'rule', 'findings', 'receipt'],
  receipt: ['model', 'outcome', 'rule'],
  remembered: [],
  engine: ['model', 'remembered', 'rule', 'policy', 'rules', 'detect', 'dotenv', 'suppress', 'findings'],
  judge: ['model', 'outcome', 'rule', 'engine'],
  events: ['model', 'outcome', 'engine', 'errors', 'findings', 'judge'],
  quick: ['collect', 'config', 'containers', 'detect', 'dotenv', 'engine', 'errors', 'events', 'git', 'model', 'outcome', 'pack', 'policy', 'rule', 'rules', 'sources', 'wasm'],
  version: [],
  sieve: ['containers', 'model', 'rule', 'rules', 'errors', 'engine', 'detect', 'git', 'sources', 'version'],
  'sift-worker': ['engine', 'pack', 'sieve'],
  explain: ['containers', 'engine', 'findings', 'model', 'outcome', 'rules', 'sieve', 'sources', 'target'],
  scan: ['containers', 'findings', 'sieve', 'events', 'model', 'outcome', 'rule', 'policy', 'suppress', 'target', 'errors', 'git', 'sources', 'engine', 'attribute', 'collect', 'receipt', 'rules', 'judge', 'shard-facts'],
  import: ['model', 'rule', 'errors', 'rules', 'config', 'policy', 'git', 'engine'],
  'shard-facts': ['engine', 'errors', 'names', 'model', 'outcome', 'policy', 'sources', 'target'],
  names: ['engine', 'model', 'outcome'],
  merge: ['attribute', 'errors', 'findings', 'git', 'model', 'sighting', 'outcome', 'policy', 'receipt', 'rule', 'secret'],
  cli: ['lazy-crypto', 'scrubber', 'version', 'quick', 'explain', 'suggestion', 'quantity', 'policy', 'model', 'outcome', 'rule', 'target', 'secret', 'errors', 'rules', 'scan', 'report', 'config', 'git', 'remedy', 'verify', 'tui', 'import', 'install', 'doctor', 'fix', 'rewrite', 'merge', 'audit', 'shown', 'verdict'],
  action: ['cli', 'config', 'errors', 'git', 'outcome', 'policy', 'report', 'rule', 'scan', 'suggestion', 'target', 'verify', 'version'],
  shown: ['model', 'verification', 'rule'],
  verdict: ['model', 'verification', 'rule', 'shown', 'report'],
  audit: ['scrubber', 'version', 'verify', 'config', 'containers', 'dotenv', 'errors', 'findings', 'git', 'model', 'outcome', 'policy', 'remedy', 'report', 'rule', 'scan', 'shown', 'suppress', 'target', 'verdict'],
  tui: ['audit', 'report', 'rule', 'shown', 'verdict'],
  install: ['errors', 'suggestion', 'git', 'rules'],
  doctor: ['dotenv', 'errors', 'git', 'install', 'rules'],
  fix: ['model', 'errors', 'git', 'dotenv', 'engine', 'rules', 'report'],
  rewrite: ['scrubber', 'model', 'outcome', 'rule', 'policy', 'errors', 'git', 'dotenv', 'attribute', 'scan', 'remedy', 'report'],
  index: ['model', 'verification', 'outcome', 'rule', 'policy', 'config', 'target', 'secret', 'errors', 'rules', 'scan', 'report', 'verify'],
}

/** The one place (a file, or a folder) that imports each package. */
const homeOf: Readonly<Record<string, string | readonly string[]>> = {
  'simple-git': 'git/repository.ts',
  'fast-glob': 'sources/folder.ts',
  'p-limit': ['sources/read-files.ts', 'verify/'],
  '@aws-sdk/client-sts': 'verify/sts.ts',
  '@aws-sdk/client-iam': 'verify/iam.ts',
  '@aws-sdk/client-cloudtrail': 'verify/cloudtrail.ts',
  '@aws-sdk/credential-provider-ini': 'verify/owner.ts',
  'smol-toml': 'import/toml.ts',
  yargs: 'cli/',
  ink: 'tui/',
  react: 'tui/',
  yauzl: 'containers/zip',
  'modern-tar': 'containers/tar.ts',
  'seek-bzip': 'containers/bzip2.ts',
  'xz-decompress': 'containers/xz.ts',
  yaml: 'rules/yaml',
  scslre: 'rules/backtracking.ts',
}

const pure = ['wasm', 'containers', 'detect', 'dotenv', 'suppress', 'findings', 'report', 'remedy', 'verdict']
const offline = ['git', 'pack', 'sources', 'attribute', 'engine', 'events', 'quick', 'explain', 'scan', 'collect', 'receipt', 'rules', 'config', 'policy', 'import', 'install', 'doctor', 'audit', 'tui', ...pure]
const network = /^(node:)?(net|tls|http|https|http2|dgram|dns)(\/|$)/
const bannedName = /(^|[/-])(utils?|helpers?|common|shared|core|misc|manager|handler)([.-]|\/|$)/

/** Files that may call `reveal()`, with what for. */
const mayReveal: Readonly<Record<string, string>> = {
  'detect/join.ts': 'equal values are one credential',
  'findings/id-names.ts': 'equal ids are of one credential',
  'findings/anchor.ts': 'how far the keyword stands from the secret',
  'findings/excerpt.ts': 'the line around it, without the secrets in it',
  'findings/explained.ts': 'the few characters that stay visible',
  'findings/dismiss.ts': 'the few characters that stay visible',
  'findings/conclude.ts': 'equal values are one credential',
  'import/find.ts': 'hashes of values are compared with those of a baseline',
  'report/json.ts': '--show-secrets',
  'report/text.ts': '--show-secrets',
  'scrubber.ts': 'a name that holds a secret is shown without it, and not kept',
  'rewrite/edits.ts': 'whether it stands somewhere as it is: by its length',
  'rewrite/values.ts': 'rules that find a value wherever it stands',
  'suppress/standing.ts': 'the line is looked for in the file as it was',
  'suppress/policy-judge.ts': 'values that the configuration allows',
  'suppress/suppressor.ts': 'judges values and the lines around them',
  'verify/credential.ts': 'what AWS is asked about has to have the form of what AWS issues',
  'verify/connection.ts': 'what the SDK signs with',
  'verify/verify.ts': 'equal values are asked about once',
}

interface SourceFile { readonly path: string; readonly text: string; readonly imports: readonly string[] }

const files: readonly SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && path !== join('rules', 'builtin.ts'))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8')
    const imports = [...text.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm)]
    return { path: path.replaceAll('\\', '/'), text, imports: imports.map((m) => m[1] ?? m[2] ?? m[3] ?? '') }
  })

function areaOf(path: string): string {
  return (path.includes('/') ? path.slice(0, path.indexOf('/')) : path).replace(/\.tsx?$/, '')
}

function ownImports(file: SourceFile): readonly string[] {
  return file.imports
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.normalize(relative(src, resolve(src, dirname(file.path), name)).replaceAll('\\', '/')))
}

describe.each(files.map((file) => [file.path, file] as const))('src/%s', (path, file) => {
  test('imports only what its area may', () => {
    const area = areaOf(path)
    const allowed = mayImport[area]
    expect(allowed, `the import table has no row for ${area}`).toBeDefined()
    const wrong = ownImports(file).filter((to) => areaOf(to) !== area && !allowed?.includes(areaOf(to)))
    expect(wrong).toEqual([])
  })

  test('imports packages only in their one place', () => {
    const packages = file.imports.filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    const wrong = packages.filter((name) => {
      const home = homeOf[Object.keys(homeOf).find((known) => name === known || name.startsWith(`${known}/`)) ?? '']
      return home === undefined || ![home].flat().some((place) => path.startsWith(place))
    })
    expect(wrong).toEqual([])
  })

  test('reaches neither disk, process nor network where it must not', () => {
    const area = areaOf(path)
    const wrong = file.imports.filter(
      (name) =>
        (offline.includes(area) && network.test(name)) ||
        (pure.includes(area) && /^node:(fs|child_process)/.test(name)) ||
        (name.startsWith('node:child_process') && path !== 'git/run.ts'),
    )
    expect(wrong).toEqual([])
    // The SDK takes what it is told about its warnings from nowhere else.
    if (path !== 'cli/process.ts' && path !== 'cli/pieces.ts' && path !== 'action/bin.ts' && path !== 'scan.ts' && path !== 'verify/connection.ts') expect(file.text.replaceAll(/'[^'\n]*'/g, '')).not.toMatch(/\bprocess\.(exit|argv|env|stdout|stderr|stdin|on)\b/)
  })

  test('is short, and named for one thing', () => {
    expect(file.text.split('\n').length).toBeLessThanOrEqual(201)
    expect(path).not.toMatch(bannedName)
  })

  test('reveals secrets only where the list says', () => {
    if (path === 'secret.ts') return
    expect(file.text.includes('.reveal()') && !(path in mayReveal)).toBe(false)
  })
})

test('folders are at most two deep', () => {
  expect(files.filter((file) => file.path.split('/').length > 3)).toEqual([])
})

test('the list of those who reveal has no stale row', () => {
  const callers = files.filter((file) => file.path !== 'secret.ts' && file.text.includes('.reveal()')).map((file) => file.path)
  expect(Object.keys(mayReveal).filter((path) => !callers.includes(path))).toEqual([])
})
