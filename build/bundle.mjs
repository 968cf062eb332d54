// Makes one file of what a hook loads. Each module that node looks for and reads by itself costs about half a millisecond, and
// CommonJS spares it the loader of modules: git waits for this one.
import { resolve } from 'node:path'
import { build } from 'esbuild'

const cli = resolve(import.meta.dirname, '../dist/cli')

await build({
  entryPoints: [resolve(cli, 'bin.js')],
  outfile: resolve(cli, 'bin.cjs'),
  // What hooks seldom need stays in modules of its own, as tsc made them.
  external: ['./main.js'],
  packages: 'external',
  bundle: true,
  minify: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
})
