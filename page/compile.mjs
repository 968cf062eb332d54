// Makes src/report/html/page.ts of the page's script and style: as texts, with their hashes for the
// page's policy. A page is one file, so the modules become one script: imports and exports go, and
// their names stay apart.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Script } from 'node:vm'

const here = import.meta.dirname

/** In the order in which they need each other. */
const modules = [
  'elements',
  'periods',
  'filter',
  'store',
  'chart',
  'lifeline',
  'overview',
  'finding',
  'list',
  'receipt',
  'main',
]

const tsc = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
)
const folder = mkdtempSync(join(tmpdir(), 'oakum-page-'))
try {
  execFileSync(process.execPath, [tsc, '-p', here, '--outDir', folder], { stdio: 'inherit' })
  const texts = modules.map((name) =>
    readFileSync(join(folder, 'page', `${name}.js`), 'utf8')
      .replaceAll(/^import .*$/gm, '')
      .replaceAll(/^export (?=function|const)/gm, '')
      .trim(),
  )
  const script = `'use strict'\n{\n${texts.join('\n')}\n}\n`
  const style = readFileSync(join(here, 'style.css'), 'utf8')
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/^\s+/gm, '')
  // Two modules with one name for two things, or what would end the element it stands in.
  const parsed = new Script(script)
  if (!parsed || [script, style].some((text) => /<\/|<!--/.test(text)))
    throw new Error('the page would end within its script or style')
  const lines = Object.entries({
    script,
    scriptHash: hashOf(script),
    style,
    styleHash: hashOf(style),
  }).map(([name, text]) => `export const ${name} = ${JSON.stringify(text)}\n`)
  writeFileSync(
    resolve(here, '../src/report/html/page.ts'),
    `// Made by page/compile.mjs.\n${lines.join('')}`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function hashOf(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
