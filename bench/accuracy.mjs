// @ts-check
// How many credentials are found in each layout of test/support/layouts, by Oakum and by other
// scanners.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runPeers } from './peers.mjs'

/**
 * @typedef {import('../test/support/layouts/credential.ts').Layout} Layout
 * @typedef {import('../test/support/layouts/credential.ts').Rendered} Rendered
 * @typedef {import('../src/model/model.ts').Candidate} Candidate
 */

/** Other scanners are started once on all files, so they get fewer. */
const peerSeeds = 20

/** Compiles the layouts to where they find their packages. @param {string} root */
function compileLayouts(root) {
  const out = join(root, 'node_modules/.cache/oakum-accuracy')
  const options = [
    '--ignoreConfig',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--rewriteRelativeImportExtensions',
    '--skipLibCheck',
    '--types',
    'node',
  ]
  const sources = ['all', 'outcome'].map((name) => join(root, `test/support/layouts/${name}.ts`))
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      ...options,
      '--rootDir',
      root,
      '--outDir',
      out,
      ...sources,
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`the layouts could not be compiled: ${stdout}`)
  writeFileSync(join(out, 'package.json'), '{"type":"module"}\n')
  return join(out, 'test/support/layouts')
}

/** @param {string} path @returns {Promise<any>} */
function load(path) {
  return import(pathToFileURL(path).href)
}

/**
 * Of each layout, how many seeds Oakum reads exactly: every part whole and at its own bytes, and
 * nothing else.
 * @param {readonly Layout[]} layouts @param {number} seeds @param {string} root
 * @param {(rendered: Rendered, found: readonly Candidate[]) => string | undefined} mistakeIn
 */
async function oakumCounts(layouts, seeds, root, mistakeIn) {
  const { builtinRules } = await load(join(root, 'dist/rules/load.js'))
  const { createEngine } = await load(join(root, 'dist/scan/engine.js'))
  const engine = createEngine(builtinRules().rules)
  const detector = engine.detector()
  return layouts.map(({ render }) => {
    let right = 0
    for (let seed = 1; seed <= seeds; seed += 1) {
      const rendered = render(seed)
      const blob = {
        id: 'a',
        kind: 'blob',
        origins: [{ kind: 'file', path: { text: 'a.txt' } }],
        start: 0,
        bytes: rendered.bytes,
        last: true,
      }
      const found = detector
        .detect(blob)
        .filter((/** @type {Candidate} */ one) => engine.suppress(one) === undefined)
      if (mistakeIn(rendered, found) === undefined) right += 1
    }
    return right
  })
}

/**
 * Of each layout, how many files have all their secrets (ids, where there is no secret) in what a
 * tool reported of them: the value, its SHA-1, or the text as it stands.
 * @param {readonly Layout[]} layouts @param {string} folder @param {readonly
 * import('./peers.mjs').Entry[]} entries
 */
function peerCounts(layouts, folder, entries) {
  const reported = new Map()
  for (const { file, text } of entries) {
    const key = relative(folder, resolve(folder, file))
    reported.set(key, `${reported.get(key) ?? ''}\n${text}`)
  }
  return layouts.map(({ render }, at) => {
    let right = 0
    for (let seed = 1; seed <= peerSeeds; seed += 1) {
      const { bytes, credentials } = render(seed)
      const text = reported.get(join(String(at), `${seed}.txt`)) ?? ''
      const wanted = credentials.map(
        (parts) => parts.find(({ role }) => role === 'secret') ?? parts[0],
      )
      const isThere = (/** @type {typeof wanted[number]} */ part) =>
        part !== undefined &&
        [
          part.value,
          createHash('sha1').update(part.value).digest('hex'),
          bytes.toString('latin1', part.start, part.end),
        ].some((form) => text.includes(form))
      if (wanted.every(isThere)) right += 1
    }
    return right
  })
}

/** @param {readonly Layout[]} layouts */
function writeFiles(layouts) {
  const folder = mkdtempSync(join(tmpdir(), 'oakum-accuracy-'))
  layouts.forEach(({ render }, at) => {
    mkdirSync(join(folder, String(at)))
    for (let seed = 1; seed <= peerSeeds; seed += 1)
      writeFileSync(join(folder, String(at), `${seed}.txt`), render(seed).bytes)
  })
  return folder
}

/** @param {string} root @param {number} seeds */
export async function benchAccuracy(root, seeds) {
  const compiled = compileLayouts(root)
  const { layouts } = await load(join(compiled, 'all.js'))
  const { mistakeIn } = await load(join(compiled, 'outcome.js'))
  const oakum = await oakumCounts(layouts, seeds, root, mistakeIn)
  const folder = writeFiles(layouts)
  const reports = mkdtempSync(join(tmpdir(), 'oakum-reports-'))
  try {
    const peers = runPeers(root, folder, reports)
    const columns = peers.flatMap(({ name, entries }) =>
      entries === undefined ? [] : [{ name, counts: peerCounts(layouts, folder, entries) }],
    )
    const width = Math.max(...layouts.map((/** @type {Layout} */ { name }) => name.length))
    console.log(
      `${layouts.length} layouts; oakum: of ${seeds} credentials each, those of which every part is found whole, at its own bytes, and nothing else`,
    )
    if (columns.length > 0)
      console.log(
        `others: of ${peerSeeds} files each, all of them called .txt, those whose secrets are in the report, at whatever place`,
      )
    for (const { name, failed } of peers.filter(({ entries }) => entries === undefined))
      console.log(`${name}: ${failed ?? 'not in node_modules or on PATH, so not compared'}`)
    console.log(
      `\n${'layout'.padEnd(width)}  ${'oakum'.padStart(9)}${columns.map(({ name }) => `  ${name.padStart(14)}`).join('')}`,
    )
    layouts.forEach((/** @type {Layout} */ { name }, /** @type {number} */ at) => {
      const cells = columns.map(({ counts }) => `  ${`${counts[at]}/${peerSeeds}`.padStart(14)}`)
      console.log(`${name.padEnd(width)}  ${`${oakum[at]}/${seeds}`.padStart(9)}${cells.join('')}`)
    })
    const wrong = oakum.filter((right) => right < seeds).length
    console.log(
      `\n${wrong === 0 ? 'Oakum reads every layout.' : `Oakum does not read ${wrong} of ${layouts.length} layouts every time.`}`,
    )
    if (wrong > 0) process.exitCode = 1
  } finally {
    for (const made of [folder, reports]) rmSync(made, { recursive: true, force: true })
  }
}
