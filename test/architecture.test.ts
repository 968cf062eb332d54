import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const src = resolve(import.meta.dirname, '../src')

/**
 * The rooms of `src` and which rooms each may import. A room is a folder of `src`, or the library's
 * `index`. Rooms stand below the rooms they import, so that there are no circles.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  model: [],
  git: ['model'],
  rules: ['model'],
  report: ['model'],
  config: ['git', 'model', 'rules'],
  scan: ['config', 'git', 'model', 'rules'],
  verify: ['model', 'rules', 'scan'],
  remediation: ['git', 'model', 'report', 'rules', 'scan'],
  setup: ['config', 'git', 'model', 'rules', 'scan'],
  audit: ['config', 'git', 'model', 'report', 'scan', 'verify'],
  index: ['config', 'model', 'report', 'rules', 'scan', 'verify'],
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
  action: ['cli', 'config', 'git', 'model', 'report', 'scan', 'verify'],
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
  'xz-decompress': 'scan/archives/xz.ts',
  yaml: 'rules/yaml',
  scslre: 'rules/backtracking.ts',
}

/** Paths that start neither processes nor read files. */
const pure = [
  'git/wasm/',
  'scan/archives/',
  'scan/decode/',
  'scan/detect/',
  'scan/env-files/',
  'scan/findings/',
  'scan/suppress/',
  'report/',
  'audit/verdict/',
]

/** Paths that never open a connection: everything but `verify/` and the command line above it. */
const offline = ['model/', 'git/', 'rules/', 'config/', 'scan/', 'setup/', 'audit/', ...pure]

/** Files that read or change the process. */
const mayUseProcess = [
  'action/process.ts',
  'cli/process/bundles.ts',
  'cli/process/process.ts',
  'scan/scan.ts',
  // The SDK reads from the environment alone whether to print its warnings.
  'verify/connection.ts',
]

/** Files that may open a file without `model/regular-file.ts`, and why that does not wait for ever. */
const mayOpen: Readonly<Record<string, string>> = {
  'model/regular-file.ts': 'opens it without waiting',
  'model/version.ts': 'its own package.json',
  'rules/write-builtin.ts': 'the patterns beside it',
  'cli/process/bundles.ts': 'its own program',
  'cli/support/lock.ts': 'creates the file',
  'scan/sources/read-files.ts': 'after lstat, with the flags of model/regular-file.ts',
}
const opensFile =
  /\b(openSync|readFileSync|createReadStream\([^'])|\bpromises\.(readFile|open)\b|fs\/promises/

const network = /^(node:)?(net|tls|http|https|http2|dgram|dns)(\/|$)/
const bannedName = /(^|[/-])(utils?|helpers?|common|shared|core|misc|manager|handler)([.-]|\/|$)/

/** Files that may call `reveal()`, and why. */
const mayReveal: Readonly<Record<string, string>> = {
  'scan/detect/pairing.ts': 'equal values are one credential',
  'scan/shards/id-fingerprints.ts': 'equal ids are of one credential',
  'scan/findings/nearest-keyword.ts': 'how far the keyword stands from the secret',
  'scan/findings/redact.ts': 'the line around it, without the secrets in it',
  'scan/findings/explained.ts': 'the few characters that stay visible',
  'scan/findings/conclude.ts': 'equal values are one credential',
  'scan/findings/fingerprinter.ts': 'a value is hashed',
  'setup/import/secret-finder.ts': 'hashes of values are compared with those of a baseline',
  'report/formats/json.ts': '--show-secrets',
  'report/terminal/text.ts': '--show-secrets',
  'model/scrubber.ts': 'a name that holds a secret is shown without it, and not kept',
  'remediation/rewrite/edits.ts': 'whether it stands somewhere as it is: by its length',
  'remediation/rewrite/values.ts': 'rules that find a value wherever it stands',
  'scan/suppress/inline-marker.ts': 'the line is looked for in the file as it was',
  'scan/suppress/policy-judge.ts': 'values that the configuration allows',
  'scan/suppress/suppressor.ts': 'judges values and the lines around them',
  'verify/credential.ts': 'checks that a key has the form that AWS issues',
  'verify/connection.ts': 'what the SDK signs with',
  'verify/trials.ts': 'verifies equal values once',
}

interface SourceFile {
  readonly path: string
  readonly text: string
  readonly imports: readonly string[]
}

/** Files that `npm run compile` writes. */
const generated = ['rules/builtin.ts', 'git/wasm/binary.ts', 'report/html/page.ts']

const files: readonly SourceFile[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.tsx?$/.test(path) && !generated.includes(path))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8')
    const imports = [
      ...text.matchAll(
        /^(?:import|export)\b[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm,
      ),
    ]
    return { path, text, imports: imports.map((m) => m[1] ?? m[2] ?? m[3] ?? '') }
  })

function roomOf(path: string): string {
  return (path.includes('/') ? path.slice(0, path.indexOf('/')) : path).replace(/\.tsx?$/, '')
}

/** Paths below `src` of the files that a file imports. */
function ownImports(file: SourceFile): readonly string[] {
  return file.imports
    .filter((name) => name.startsWith('.'))
    .map((name) => posix.normalize(posix.join(posix.dirname(file.path), name)))
}

describe.each(files.map((file) => [file.path, file] as const))('src/%s', (path, file) => {
  test('imports only rooms that the table allows', () => {
    const room = roomOf(path)
    const allowed = mayImport[room]
    expect(allowed, `the import table has no row for ${room}`).toBeDefined()
    const wrong = ownImports(file).filter(
      (to) => roomOf(to) !== room && !allowed?.includes(roomOf(to)),
    )
    expect(wrong).toEqual([])
  })

  test('imports packages only in their one place', () => {
    const packages = file.imports.filter(
      (name) => !name.startsWith('.') && !name.startsWith('node:'),
    )
    const wrong = packages.filter((name) => {
      const known = Object.keys(homeOf).find((key) => name === key || name.startsWith(`${key}/`))
      const home = homeOf[known ?? '']
      return home === undefined || ![home].flat().some((place) => path.startsWith(place))
    })
    expect(wrong).toEqual([])
  })

  test('uses disk, processes and network only where it may', () => {
    const within = (places: readonly string[]): boolean =>
      places.some((place) => path.startsWith(place))
    const wrong = file.imports.filter(
      (name) =>
        (within(offline) && network.test(name)) ||
        (within(pure) && /^node:(fs|child_process)/.test(name)) ||
        (name.startsWith('node:child_process') &&
          !['git/commands/run.ts', 'git/commands/watchdog.ts'].includes(path)),
    )
    expect(wrong).toEqual([])
    if (mayUseProcess.includes(path)) return
    expect(file.text.replaceAll(/'[^'\n]*'/g, '')).not.toMatch(
      /\bprocess\.(exit|argv|env|stdout|stderr|stdin|on)\b/,
    )
  })

  test('is short, and has a name of its own', () => {
    expect(file.text.split('\n').length).toBeLessThanOrEqual(301)
    expect(path).not.toMatch(bannedName)
  })

  test('has no comment that begins with a question word', () => {
    expect(file.text.match(/(?:\/\*\*|\/\/) *(?:\n *\* *)?(?:What|Where|Who|Of)\b.*/g)).toBeNull()
  })

  test('opens files only where the list says', () => {
    expect(opensFile.test(file.text) && !(path in mayOpen)).toBe(false)
  })

  test('reveals secrets only where the list says', () => {
    if (path === 'model/secret.ts') return
    expect(file.text.includes('.reveal()') && !(path in mayReveal)).toBe(false)
  })
})

describe('rooms', () => {
  test('stand on at most eight floors', () => {
    const floors = new Map<string, number>()
    const floorOf = (room: string, above: readonly string[]): number => {
      expect(above, 'rooms that import each other in a circle').not.toContain(room)
      const below = (mayImport[room] ?? []).map((to) => floorOf(to, [...above, room]))
      const floor = 1 + Math.max(0, ...below)
      floors.set(room, floor)
      return floor
    }
    for (const room of Object.keys(mayImport)) floorOf(room, [])
    expect(Math.max(...floors.values())).toBeLessThanOrEqual(8)
  })

  test('have no row that nothing needs', () => {
    const used = new Set(
      files.flatMap((file) => ownImports(file).map((to) => `${roomOf(file.path)} ${roomOf(to)}`)),
    )
    const rows = Object.entries(mayImport).flatMap(([room, to]) =>
      to.map((one) => `${room} ${one}`),
    )
    expect(rows.filter((row) => !used.has(row))).toEqual([])
  })

  test('and their folders are at most three deep, with at most 26 files each', () => {
    expect(files.filter((file) => file.path.split('/').length > 4)).toEqual([])
    const folders = [...new Set(files.map(({ path }) => posix.dirname(path)))]
    const filesIn = (folder: string): readonly string[] =>
      files.map(({ path }) => path).filter((path) => posix.dirname(path) === folder)
    expect(folders.filter((folder) => filesIn(folder).length > 26)).toEqual([])
    expect(filesIn('.')).toEqual(['index.ts'])
  })
})

test('no two files import each other in a circle', () => {
  const importsOf = new Map(files.map((file) => [file.path, ownImports(file)]))
  const done = new Set<string>()
  const circles: string[] = []
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) circles.push([...above.slice(above.indexOf(path)), path].join(' → '))
    if (above.includes(path) || done.has(path)) return
    for (const to of importsOf.get(path) ?? []) visit(to, [...above, path])
    done.add(path)
  }
  for (const path of importsOf.keys()) visit(path, [])
  expect(circles).toEqual([])
})

test('fewer than 0.5 % of lines have over 110 columns', () => {
  const lines = files.flatMap(({ path, text }) => text.split('\n').map((line) => ({ path, line })))
  const long = lines.filter(({ line }) => line.length > 110)
  expect(long.map(({ path }) => path).slice(Math.floor(0.005 * lines.length))).toEqual([])
})

test('lists of paths have no stale row', () => {
  const callers = files
    .filter((file) => file.path !== 'model/secret.ts' && file.text.includes('.reveal()'))
    .map((file) => file.path)
  expect(Object.keys(mayReveal).filter((path) => !callers.includes(path))).toEqual([])
  expect(Object.keys(mayOpen).filter((path) => !files.some((f) => f.path === path))).toEqual([])
  const places = [...pure, ...offline, ...mayUseProcess, ...Object.values(homeOf).flat()]
  expect(places.filter((place) => !files.some(({ path }) => path.startsWith(place)))).toEqual([])
})
