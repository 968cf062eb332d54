/**
 * Exits 0 if the packages of package.json are installed in the versions it names, so that action.yml
 * can skip the installation. The argument `runtime` checks the packages that Oakum needs to run, and
 * `all` also those that compile it.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const { dependencies, devDependencies } = read(join(root, 'package.json'))
const needed = Object.entries(
  process.argv[2] === 'all' ? { ...dependencies, ...devDependencies } : dependencies,
)

function isInstalled([name, version]) {
  try {
    return read(join(root, 'node_modules', name, 'package.json')).version === version
  } catch {
    return false
  }
}

process.exitCode = needed.every(isInstalled) ? 0 : 1
