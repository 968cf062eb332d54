/**
 * Bundles the program: one file that a hook loads, one file of the whole program, and one of each
 * part that few runs need. Node spends about half a millisecond to find and read a module, and the
 * code cache of V8 (`src/cli/process/bundles.ts`) works for CommonJS only.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, 'dist')

/** Packages that stay outside the bundles: they are large and seldom needed. */
const externalPackages = ['ink', 'react', '@aws-sdk/*', 'scslre', 'yaml']

/** Evaluates the table of the built-in rules now and bundles its exports as JSON. */
const evaluatedRuleTable = {
  name: 'evaluated-rule-table',
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

/** Turns imports of modules that most hooks do not need into calls of `loadBundle`. */
const separateBundles = {
  name: 'separate-bundles',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/(evaluate-candidates|entries-only)\.js$/ }, ({ kind, path }) =>
      kind === 'dynamic-import'
        ? { path: `staged-fast-path/${basename(path, '.js')}`, namespace: 'bundle' }
        : undefined,
    )
    onLoad({ filter: /./, namespace: 'bundle' }, ({ path }) => ({
      contents: `module.exports = loadBundle('${path}')`,
    }))
  },
}

/** Imports Ink, an ES module that cannot be required, before the audit screen that uses it. */
const inkFirst = {
  name: 'ink-first',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/audit-screen\.js$/ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path: resolve(resolveDir, path), namespace: 'ink-first' }
        : undefined,
    )
    onLoad({ filter: /./, namespace: 'ink-first' }, ({ path }) => ({
      // The importer awaits the exports, so they may be a promise. A plain object with a `then` is
      // used, because esbuild would copy the properties of a real promise.
      contents: [
        `const screen = withPackage('ink', () => require(${JSON.stringify(path)}))`,
        'module.exports = { then: (...callbacks) => screen.then(...callbacks) }',
      ].join('\n'),
      resolveDir: dist,
    }))
  },
}

/**
 * Replaces `import.meta.url` with the address the module would have unbundled: its own in `dist/`,
 * or one below `dist/packages/` for a package. (Yargs looks for translations there and needs none.)
 */
const moduleUrls = {
  name: 'module-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.m?js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const unbundled = relative(dist, path)
        .split(sep)
        .join('/')
        .replace(/^.*node_modules\//, 'packages/')
      return {
        contents: text.replaceAll('import.meta.url', `urlOf(${JSON.stringify(unbundled)})`),
        resolveDir: dirname(path),
      }
    })
  },
}

/**
 * Loads `string-width` when it is first called. Yargs calls it for help only, and its tables of
 * emoji and grapheme breaks take 15 ms to build.
 */
const lazyStringWidth = {
  name: 'lazy-string-width',
  setup({ onResolve, onLoad, resolve: find }) {
    onResolve({ filter: /^string-width$/ }, async ({ path, kind, resolveDir, namespace }) =>
      namespace === 'lazy'
        ? undefined
        : {
            path: (await find(path, { kind, resolveDir, namespace: 'lazy' })).path,
            namespace: 'lazy',
          },
    )
    onLoad({ filter: /./, namespace: 'lazy' }, ({ path }) => ({
      contents: `module.exports = (...args) => require(${JSON.stringify(path)}).default(...args)`,
      resolveDir: dirname(path),
    }))
  },
}

/**
 * Substitutes for modules that packages load at each start: `assert`, of which yargs uses two
 * functions and which takes more than a millisecond to load; `module`, with which yargs could
 * require files of settings; `supports-color`, with which simple-git's debug colours its output.
 */
const substitutes = {
  assert: `
    const expect = (holds, message = 'an assertion failed') => { if (!holds) throw new Error(message) }
    export const strictEqual = (actual, expected, message) => expect(Object.is(actual, expected), message)
    export const notStrictEqual = (actual, expected, message) =>
      expect(!Object.is(actual, expected), message)`,
  module: 'exports.createRequire = () => (name) => require(name)',
  'supports-color': '',
}
const substitutedModules = {
  name: 'substituted-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:assert|(?:node:)?module|supports-color)$/ }, ({ path }) => ({
      path: path.replace(/^node:/, ''),
      namespace: 'substituted',
    }))
    onLoad({ filter: /./, namespace: 'substituted' }, ({ path }) => ({
      contents: substitutes[path],
    }))
  },
}

/** Bundles `<entry>.js` into `<output>.cjs`, both below `dist/`, and returns the input files. */
async function bundle(output, { entry, ...options }) {
  const { metafile } = await build({
    entryPoints: [resolve(dist, `${entry}.js`)],
    outfile: resolve(dist, `${output}.cjs`),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
    ...options,
  })
  return Object.keys(metafile.inputs)
}

/** Options of every bundle. A script from the code cache cannot `import()`, so nothing does. */
const bundleOptions = {
  minifyWhitespace: true,
  minifySyntax: true,
  supported: { 'dynamic-import': false },
}
/** Options of the bundles that hooks load. */
const hookOptions = { minify: true, packages: 'external' }
/** Bundles by their path in `dist/`: the names that `src/cli/process/bundles.ts` loads. */
const bundles = {
  'cli/process': {
    entry: 'cli/process/process',
    plugins: [evaluatedRuleTable, separateBundles],
    ...hookOptions,
  },
  'staged-fast-path/evaluate-candidates': {
    entry: 'scan/staged-fast-path/evaluate-candidates',
    plugins: [evaluatedRuleTable],
    ...hookOptions,
  },
  'staged-fast-path/entries-only': {
    entry: 'scan/staged-fast-path/entries-only',
    plugins: [evaluatedRuleTable],
    ...hookOptions,
  },
  // Identifiers are not minified, so that stack traces in bug reports can be read.
  'cli/main': {
    entry: 'cli/process/main',
    plugins: [inkFirst, lazyStringWidth, substitutedModules, moduleUrls],
    external: externalPackages,
  },
  'scan/filter-worker': {
    entry: 'scan/filter-worker',
    plugins: [moduleUrls],
    external: externalPackages,
  },
}

/** Returns the licence text that must be distributed with a bundled package. */
function licenceOf(name) {
  const folder = resolve(root, 'node_modules', name)
  const { version, license } = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? '' : readFileSync(resolve(folder, file), 'utf8').trim()
  return `${name} ${version} (${license})\n\n${text}\n`
}

rmSync(resolve(dist, 'code-cache'), { recursive: true, force: true })
const packages = new Set()
for (const [output, options] of Object.entries(bundles))
  for (const input of await bundle(output, { ...bundleOptions, ...options }))
    packages.add(/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
for (const loader of ['bin', 'thread'])
  await bundle(`cli/${loader}`, { entry: `cli/process/${loader}`, minify: true })
packages.delete(undefined)
writeFileSync(
  resolve(dist, 'licenses.txt'),
  [...packages]
    .sort()
    .map(licenceOf)
    .join(`\n${'-'.repeat(80)}\n\n`),
)
