/**
 * The project as its releases name it. package.json decides the name, the version and the address;
 * everything here follows from it.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** The tag of this version. */
export const tag = `v${manifest.version}`

/** The moving tag of this major version, which workflows name to get every fix. */
export const majorTag = `v${manifest.version.split('.')[0]}`

/** Address of the repository on its host, without a slash at the end. */
export const repositoryUrl = manifest.repository.url.replace(/^git\+/, '').replace(/\.git$/, '')

/** The archive of the package that npm makes of this version: `oakum-0.1.0.tgz`. */
export const archiveName = `${manifest.name.replace(/^@/, '').replace('/', '-')}-${manifest.version}.tgz`

/** Address of a file of this version's release. */
export const assetUrl = (name) => `${repositoryUrl}/releases/download/${tag}/${name}`

/**
 * Returns package.json as it is published: nothing that is for development only. The one in the
 * repository is private, so npm publishes no folder that `release/pack.mjs` has not checked.
 */
export function publishedManifest() {
  const { private: _, scripts: __, devDependencies: ___, ...published } = manifest
  return { ...published, publishConfig: { access: 'public', provenance: true } }
}

/** Ends a step of a release with one line. */
export function refuse(reason) {
  process.stderr.write(`release: ${reason}\n`)
  process.exit(1)
}

/** Runs git and returns what it prints. */
export function git(cwd, ...args) {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')

/** The file that `npm test` leaves when all tests passed: a digest of the program that they ran. */
export const testedFile = join(root, 'dist/tested')

/** Returns a digest of the compiled program, without what its runs store beside it. */
export function programDigest() {
  const hash = createHash('sha256')
  const files = readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
    .filter((path) => path !== testedFile && !path.startsWith(join(root, 'dist/code-cache')))
  for (const path of [...files, join(root, 'package.json')].sort())
    hash.update(`${path.slice(root.length)}\0${sha256(readFileSync(path))}\n`)
  return hash.digest('hex')
}
