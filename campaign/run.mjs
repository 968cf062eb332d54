// @ts-check
// Bundles the campaign, which is TypeScript that Node 20 cannot run, and runs the bundle.
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const bundle = join(root, `node_modules/.cache/oakum-campaign-${process.pid}.mjs`)

await build({
  entryPoints: [join(root, 'campaign/main.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
})
try {
  const { main } = await import(pathToFileURL(bundle).href)
  process.exitCode = await main(process.argv.slice(2), root)
} finally {
  rmSync(bundle, { force: true })
}
