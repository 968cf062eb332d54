// Makes one file of what a hook loads, and one of what it loads where a glance is not enough. Each module that node looks for and
// reads by itself costs about half a millisecond, and CommonJS spares it the loader of modules: git waits for this one.
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const dist = resolve(import.meta.dirname, '../dist')

/** The tables of keywords are worked out now. */
const workedOut = {
  name: 'worked-out',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]quick[/\\]marks\.js$/ }, async ({ path }) => {
      const values = Object.entries(await import(pathToFileURL(path).href))
      return { contents: values.map(([name, value]) => `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))})\n`).join('') }
    })
  },
}

/** What is seldom needed stays in files of its own. */
const apart = {
  name: 'apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/main\.js$/ }, () => ({ path: './main.js', external: true }))
    onResolve({ filter: /\/(judge|entries-only)\.js$/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path: `../quick/${basename(path, '.js')}.cjs`, external: true } : undefined))
  },
}

for (const file of ['cli/bin', 'quick/judge', 'quick/entries-only']) {
  await build({
    entryPoints: [resolve(dist, `${file}.js`)],
    outfile: resolve(dist, `${file}.cjs`),
    plugins: [workedOut, apart],
    packages: 'external',
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
}
