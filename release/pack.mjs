/**
 * npm run pack [-- <folder>]: makes the archive that npm publishes. It refuses without a compiled
 * program that passed `npm test` as it is. The package needs no other package and runs no script.
 */
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import {
  archiveName,
  manifest,
  programDigest,
  publishedManifest,
  refuse,
  root,
  testedFile,
} from './project.mjs'

/** Folders and files of the repository that `files` of package.json chooses from. */
const content = [
  'dist',
  'hooks',
  'patterns',
  'docs',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'SECURITY.md',
]

const target = resolve(process.argv[2] ?? '.')
if (!existsSync(join(root, manifest.bin.oakum)) || !existsSync(join(root, 'dist/index.mjs')))
  refuse('there is no compiled program: npm test')
if (!existsSync(testedFile) || readFileSync(testedFile, 'utf8').trim() !== programDigest())
  refuse('the compiled program did not pass the tests as it is: npm test')

const folder = mkdtempSync(join(tmpdir(), 'oakum-package-'))
try {
  for (const name of content)
    cpSync(join(root, name), join(folder, name), {
      recursive: true,
      filter: (path) => basename(path) !== 'code-cache',
    })
  writeFileSync(
    join(folder, 'package.json'),
    `${JSON.stringify(publishedManifest(), undefined, 2)}\n`,
  )
  mkdirSync(target, { recursive: true })
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', `--pack-destination=${target}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${join(target, archiveName)}\n`)
