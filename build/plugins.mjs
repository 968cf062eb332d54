/** Plugins of esbuild for `build/bundle.mjs`: how modules and packages are split into bundles. */
import { readFileSync } from 'node:fs'
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = resolve(import.meta.dirname, '..')
const dist = resolve(root, 'dist')

/** A path from the top of the project, so that bundles are the same wherever they are made. */
const fromRoot = (path) => relative(root, path).split(sep).join('/')

/**
 * Packages that are large and seldom needed, by the bundle in `dist/packages/` that contains them.
 * Packages of one bundle share the packages below them.
 */
export const packageBundles = {
  'aws-sdk': [
    '@aws-sdk/client-sts',
    '@aws-sdk/client-iam',
    '@aws-sdk/client-cloudtrail',
    '@aws-sdk/credential-provider-ini',
  ],
  scslre: ['scslre'],
  yaml: ['yaml'],
}

/** Turns imports of packages that few runs need into calls of `loadBundle`. */
export const separatePackages = {
  name: 'separate-packages',
  setup({ onResolve, onLoad }) {
    const bundleOf = new Map(
      Object.entries(packageBundles).flatMap(([bundle, names]) =>
        names.map((name) => [name, bundle]),
      ),
    )
    onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
      bundleOf.has(path) ? { path, namespace: 'package' } : undefined,
    )
    onLoad({ filter: /./, namespace: 'package' }, ({ path }) => ({
      contents: `module.exports = loadBundle('packages/${bundleOf.get(path)}')['${path}']`,
    }))
  },
}

/** Evaluates the table of the built-in rules now and bundles its exports as JSON. */
export const evaluatedRuleTable = {
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
export const separateBundles = {
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

/** Imports Ink and React, ES modules that cannot be required, before the audit screen that uses them. */
export const screenPackagesFirst = {
  name: 'screen-packages-first',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/audit-screen\.js$/ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path: fromRoot(resolve(resolveDir, path)), namespace: 'screen-packages-first' }
        : undefined,
    )
    onLoad({ filter: /./, namespace: 'screen-packages-first' }, ({ path }) => ({
      // The importer awaits the exports, so they may be a promise. A plain object with a `then` is
      // used, because esbuild would copy the properties of a real promise.
      contents: [
        `const screen = withScreenPackages(() => require('./${path}'))`,
        'module.exports = { then: (...callbacks) => screen.then(...callbacks) }',
      ].join('\n'),
      resolveDir: root,
    }))
  },
}

/**
 * Replaces `import.meta.url` with the address the module would have unbundled: its own in `dist/`,
 * or one below `dist/packages/` for a package. (Yargs looks for translations there and needs none.)
 */
export const moduleUrls = {
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
        contents: text
          .replaceAll('import.meta.url', `urlOf(${JSON.stringify(unbundled)})`)
          // Yargs would read the package.json of the folder that Oakum runs in, for a version.
          .replace('mainFilename || process.cwd()', '__dirname'),
        resolveDir: dirname(path),
      }
    })
  },
}

/**
 * Loads `string-width` when it is first called. Yargs calls it for help only, and its tables of
 * emoji and grapheme breaks take 15 ms to build.
 */
export const lazyStringWidth = {
  name: 'lazy-string-width',
  setup({ onResolve, onLoad, resolve: find }) {
    onResolve({ filter: /^string-width$/ }, async ({ path, kind, resolveDir, namespace }) =>
      namespace === 'lazy'
        ? undefined
        : {
            path: fromRoot((await find(path, { kind, resolveDir, namespace: 'lazy' })).path),
            namespace: 'lazy',
          },
    )
    onLoad({ filter: /./, namespace: 'lazy' }, ({ path }) => ({
      contents: `module.exports = (...args) => require('./${path}').default(...args)`,
      resolveDir: root,
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
export const substitutedModules = {
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

/** Substitutes for the tools that Ink imports when it is developed itself, and that nobody has. */
export const noDeveloperTools = {
  name: 'no-developer-tools',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({ path, namespace: 'no-tools' }))
    onLoad({ filter: /./, namespace: 'no-tools' }, () => ({ contents: 'export default {}' }))
  },
}
