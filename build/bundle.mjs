/**
 * Bundles the program with its packages: one file that a hook loads, one file of the whole program,
 * one of the library, one of the Action, and one of each part that few runs need. So nothing but
 * Node is needed to run them. Node spends about half a millisecond to find and read a module, and
 * the code cache of V8 (`src/cli/process/bundles.ts`) works for CommonJS only.
 */
import { rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { licenceTexts, packagesOf, softwareBill } from './packages.mjs'
import {
  evaluatedRuleTable,
  lazyStringWidth,
  moduleUrls,
  noDeveloperTools,
  packageBundles,
  screenPackagesFirst,
  separateBundles,
  separatePackages,
  substitutedModules,
} from './plugins.mjs'

const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, 'dist')

/** Input files of all bundles, from which the packages in them follow. */
const inputs = new Set()

/** Bundles `<entry>.js`, or `contents`, into the file `output`; paths are below `dist/`. */
async function bundle(output, { entry, contents, ...options }) {
  const { metafile } = await build({
    ...(contents === undefined
      ? { entryPoints: [resolve(dist, `${entry}.js`)] }
      : { stdin: { contents, resolveDir: root } }),
    outfile: resolve(dist, output),
    absWorkingDir: root,
    preserveSymlinks: true,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
    ...options,
  })
  for (const input of Object.keys(metafile.inputs)) inputs.add(input)
}

/** Options of bundles. A script from the code cache cannot `import()`, so nothing does. */
const bundleOptions = {
  minifyWhitespace: true,
  minifySyntax: true,
  supported: { 'dynamic-import': false },
}
/** Options of the bundles that hooks load. */
const hookOptions = { minify: true, packages: 'external' }
/** Options of bundles of packages. Their identifiers are minified, as no bug report is about them. */
const packageOptions = { minify: true }
/** Gives a bundle that is an ES module what `src/cli/process/bundles.ts` gives the others. */
const moduleStart = [
  "import { createRequire as nodeRequire } from 'node:module'",
  'const require = nodeRequire(import.meta.url)',
  'const loadBundle = (name) => require(`./${name}.cjs`)',
  'const urlOf = (path) => new URL(path, import.meta.url).href',
].join(';')

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
    plugins: [
      separatePackages,
      screenPackagesFirst,
      lazyStringWidth,
      substitutedModules,
      moduleUrls,
    ],
    external: ['ink', 'react'],
  },
  'scan/filter-worker': {
    entry: 'scan/filter-worker',
    plugins: [separatePackages, moduleUrls],
  },
  'audit/worker': {
    entry: 'audit/worker',
    plugins: [separatePackages, moduleUrls],
  },
  'action/process': {
    entry: 'action/process',
    plugins: [separatePackages, moduleUrls],
  },
  ...Object.fromEntries(
    Object.entries(packageBundles).map(([name, packages]) => [
      `packages/${name}`,
      {
        contents: packages.map((each) => `exports['${each}'] = require('${each}')`).join('\n'),
        ...packageOptions,
      },
    ]),
  ),
}

rmSync(resolve(dist, 'code-cache'), { recursive: true, force: true })
for (const [name, options] of Object.entries(bundles))
  await bundle(`${name}.cjs`, { ...bundleOptions, ...options })
for (const [loader, entry] of [
  ['cli/bin', 'cli/process/bin'],
  ['cli/thread', 'cli/process/thread'],
  ['cli/audit-thread', 'cli/process/audit-thread'],
  ['action/bin', 'action/bin'],
])
  await bundle(`${loader}.cjs`, { entry, minify: true })
// Ink loads its layout engine with a top-level await, which only an ES module can have.
await bundle('packages/screen.mjs', {
  contents: [
    "import * as ink from 'ink'",
    "import react from 'react'",
    "import jsxRuntime from 'react/jsx-runtime'",
    "export default { ink, react, 'react/jsx-runtime': jsxRuntime }",
  ].join('\n'),
  format: 'esm',
  banner: { js: moduleStart },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [noDeveloperTools],
  ...packageOptions,
})
await bundle('index.mjs', {
  entry: 'index',
  format: 'esm',
  banner: { js: moduleStart },
  plugins: [separatePackages, moduleUrls],
  ...bundleOptions,
})

const packages = packagesOf(inputs)
writeFileSync(resolve(dist, 'licenses.txt'), licenceTexts(packages))
writeFileSync(resolve(dist, 'sbom.cdx.json'), softwareBill(packages))
