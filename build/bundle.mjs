// Makes one file of the program, one of what a hook loads, and one of each piece that is loaded
// where it is needed. Each module that node looks for and reads by itself costs about half a
// millisecond, and V8 keeps what it compiled of CommonJS only.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, 'dist')

/** What is large and seldom needed stays a package. */
const heavy = ['ink', 'react', '@aws-sdk/*', 'scslre', 'yaml']

/** The tables of keywords are worked out now. */
const workedOut = {
  name: 'worked-out',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]staged-fast-path[/\\]rule-table\.js$/ }, async ({ path }) => {
      const values = Object.entries(await import(pathToFileURL(path).href))
      return {
        contents: values
          .map(
            ([name, value]) =>
              `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))})\n`,
          )
          .join(''),
      }
    })
  },
}

/** What hooks seldom need stays in pieces of its own, which `src/cli/pieces.ts` loads. */
const apart = {
  name: 'apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/(evaluate-candidates|entries-only)\.js$/ }, ({ kind, path }) =>
      kind === 'dynamic-import'
        ? { path: `quick/${basename(path, '.js')}`, namespace: 'piece' }
        : undefined,
    )
    onLoad({ filter: /./, namespace: 'piece' }, ({ path }) => ({
      contents: `module.exports = loadBundle('${path}')`,
    }))
  },
}

/** The screen needs Ink, which can only be imported: it is loaded first. */
const behindInk = {
  name: 'behind-ink',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/audit-screen\.js$/ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path: resolve(resolveDir, path), namespace: 'behind-ink' }
        : undefined,
    )
    onLoad({ filter: /./, namespace: 'behind-ink' }, ({ path }) => ({
      // What `import()` gives is waited for, so this may be a promise; of itself esbuild would make
      // a copy.
      contents: `const screen = withPackage('ink', () => require(${JSON.stringify(path)}))\nmodule.exports = { then: (...ends) => screen.then(...ends) }`,
      resolveDir: dist,
    }))
  },
}

/**
 * A module that asks where it is learns where it would be: its own in `dist/`; what yargs looks for
 * there, words in English, it has no need of.
 */
const placed = {
  name: 'placed',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const place = relative(dist, path)
        .split(sep)
        .join('/')
        .replace(/^.*node_modules\//, 'packages/')
      return {
        contents: text.replaceAll('import.meta.url', `urlOf(${JSON.stringify(place)})`),
        resolveDir: dirname(path),
      }
    })
  },
}

/**
 * How wide a text is yargs asks for help only, and what tells is 15 ms in the making: tables of
 * emoji, and of where letters end.
 */
const late = {
  name: 'late',
  setup({ onResolve, onLoad, resolve: find }) {
    onResolve({ filter: /^string-width$/ }, async ({ path, kind, resolveDir, namespace }) =>
      namespace === 'late'
        ? undefined
        : {
            path: (await find(path, { kind, resolveDir, namespace: 'late' })).path,
            namespace: 'late',
          },
    )
    onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = (...given) => require(${JSON.stringify(path)}).default(...given)`,
      resolveDir: dirname(path),
    }))
  },
}

/**
 * What stands for modules that packages look for at each start: two functions yargs has of
 * `assert`, which takes more than a millisecond to load, and as much where one of them fails; a way
 * to require files of settings, which yargs is given none of; whether a terminal has colours, for
 * simple-git's debug.
 */
const instead = {
  assert: `
    const expect = (holds, message = 'an assertion failed') => { if (!holds) throw new Error(message) }
    export const strictEqual = (one, other, message) => expect(Object.is(one, other), message)
    export const notStrictEqual = (one, other, message) => expect(!Object.is(one, other), message)`,
  module: 'exports.createRequire = () => (name) => require(name)',
  'supports-color': '',
}
const replaced = {
  name: 'replaced',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:assert|(?:node:)?module|supports-color)$/ }, ({ path }) => ({
      path: path.replace(/^node:/, ''),
      namespace: 'replaced',
    }))
    onLoad({ filter: /./, namespace: 'replaced' }, ({ path }) => ({ contents: instead[path] }))
  },
}

/** Bundles `<entry>.js` into `<output>.cjs`, both below `dist/`. */
async function bundle(output, { entry, ...options }) {
  const outfile = resolve(dist, `${output}.cjs`)
  const { metafile } = await build({
    entryPoints: [resolve(dist, `${entry}.js`)],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
    ...options,
  })
  return { text: readFileSync(outfile), inputs: Object.keys(metafile.inputs) }
}

/** A piece cannot import, so what it loads later is in it, too. */
const piece = { minifyWhitespace: true, minifySyntax: true, supported: { 'dynamic-import': false } }
const pieces = {
  'cli/process': {
    entry: 'cli/process/process',
    plugins: [workedOut, apart],
    minify: true,
    packages: 'external',
  },
  'quick/evaluate-candidates': {
    entry: 'scan/staged-fast-path/evaluate-candidates',
    plugins: [workedOut],
    minify: true,
    packages: 'external',
  },
  'quick/entries-only': {
    entry: 'scan/staged-fast-path/entries-only',
    plugins: [workedOut],
    minify: true,
    packages: 'external',
  },
  // Names stay what they are, for whoever reports a trace.
  'cli/main': {
    entry: 'cli/process/main',
    plugins: [behindInk, late, replaced, placed],
    external: heavy,
  },
  'scan/filter-worker': { entry: 'scan/filter-worker', plugins: [placed], external: heavy },
}

/** Of a package whose text is in ours now: what it asks to go with it. */
function licenceOf(name) {
  const folder = resolve(root, 'node_modules', name)
  const { version, license } = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  return `${name} ${version} (${license})\n\n${file === undefined ? '' : readFileSync(resolve(folder, file), 'utf8').trim()}\n`
}

rmSync(resolve(dist, 'code-cache'), { recursive: true, force: true })
const digests = {}
const packages = new Set()
for (const [output, options] of Object.entries(pieces)) {
  const { text, inputs } = await bundle(output, { ...piece, ...options })
  digests[output] = createHash('sha256').update(text).digest('hex').slice(0, 16)
  for (const input of inputs) packages.add(/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
}
for (const loader of ['bin', 'thread'])
  await bundle(`cli/${loader}`, {
    entry: `cli/process/${loader}`,
    minify: true,
    define: { DIGESTS: JSON.stringify(digests) },
  })
packages.delete(undefined)
writeFileSync(
  resolve(dist, 'licenses.txt'),
  [...packages]
    .sort()
    .map(licenceOf)
    .join(`\n${'-'.repeat(80)}\n\n`),
)
