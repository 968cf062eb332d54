/**
 * Are the packages of package.json installed beside it, in the versions it names? Exits 0 if they are, so that action.yml need not
 * install them: `runtime` asks for those that Oakum runs with, `all` for those that compile it, too.
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
