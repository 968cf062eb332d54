// Makes one file of what a hook loads, and one of what it loads where a glance is not enough. Each module that node looks for and
// reads by itself costs about half a millisecond, and CommonJS spares it the loader of modules: git waits for this one.
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
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

/** What is seldom needed stays in pieces of its own, which `src/cli/bin.ts` loads. */
const apart = {
  name: 'apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/main\.js$/ }, () => ({ path: './main.js', external: true }))
    onResolve({ filter: /\/(judge|entries-only)\.js$/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path: `quick/${basename(path, '.js')}`, namespace: 'piece' } : undefined))
    onLoad({ filter: /./, namespace: 'piece' }, ({ path }) => ({ contents: `module.exports = loadPiece('${path}')` }))
  },
}

/** Makes `<entry>.cjs` of `<entry>.js`, and gives its digest. */
async function bundle(entry, options) {
  const outfile = resolve(dist, `${entry}.cjs`)
  await build({
    entryPoints: [resolve(dist, `${entry}.js`)],
    outfile,
    ...options,
    plugins: [workedOut, apart],
    packages: 'external',
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
  return createHash('sha256').update(readFileSync(outfile)).digest('hex').slice(0, 16)
}

rmSync(resolve(dist, 'code-cache'), { recursive: true, force: true })
const digests = {}
for (const piece of ['cli/process', 'quick/judge', 'quick/entries-only']) digests[piece] = await bundle(piece, { supported: { 'dynamic-import': false } })
await bundle('cli/bin', { define: { DIGESTS: JSON.stringify(digests) } })
