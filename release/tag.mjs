#!/usr/bin/env node
// npm run release: makes the tag v<version>. Its commit has what HEAD has and the compiled program,
// so that `rev: v…` of the pre-commit framework, `npm install git+…#v…` and an action at that tag
// run without a build. The commit hangs on the tag alone: no branch is touched. With --compiled it
// takes dist/ as it is here, instead of compiling HEAD.
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/**
 * Names that npm runs by itself when it installs or packs: with any of them, some versions of
 * pre-commit and npm fail.
 */
const lifecycle = [
  'prepare',
  'prepack',
  'prepublish',
  'postpack',
  'build',
  'install',
  'preinstall',
  'postinstall',
]

const here = git(process.cwd(), 'rev-parse', '--show-toplevel')
const isCompiled = process.argv.includes('--compiled')

function git(cwd, ...args) {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}

function refuse(reason) {
  process.stderr.write(`release: ${reason}\n`)
  process.exit(1)
}

/** A package as users install it: nothing that is for development only. */
function withoutDevelopment(folder) {
  const manifestPath = join(folder, 'package.json')
  const { devDependencies, ...manifest } = JSON.parse(readFileSync(manifestPath, 'utf8'))
  writeFileSync(manifestPath, `${JSON.stringify(manifest, undefined, 2)}\n`)
  const lockPath = join(folder, 'package-lock.json')
  const lock = JSON.parse(readFileSync(lockPath, 'utf8'))
  delete lock.packages[''].devDependencies
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).filter(([, { dev }]) => dev !== true),
  )
  writeFileSync(lockPath, `${JSON.stringify(lock, undefined, 2)}\n`)
  return Object.keys(devDependencies ?? {}).length
}

const { version, scripts, bin } = JSON.parse(git(here, 'show', 'HEAD:package.json'))
const tag = `v${version}`
const unwanted = lifecycle.filter((name) => name in scripts)
if (unwanted.length > 0)
  refuse(`package.json has scripts that npm would run by itself: ${unwanted.join(', ')}`)
if (git(here, 'tag', '--list', tag) !== '')
  refuse(`the tag ${tag} is there already: raise the version in package.json`)
if (git(here, 'status', '--porcelain') !== '')
  refuse('there are changes that are not committed; the tag is made of HEAD')
if (isCompiled && !existsSync(join(here, bin.oakum)))
  refuse('there is no dist/ to take: npm run compile')

const scratch = mkdtempSync(join(tmpdir(), 'oakum-release-'))
const tree = join(scratch, 'tree')
try {
  git(here, 'worktree', 'add', '--quiet', '--detach', tree, 'HEAD')
  if (isCompiled) {
    // What V8 compiled here is of use here only.
    cpSync(join(here, 'dist'), join(tree, 'dist'), {
      recursive: true,
      filter: (path) => basename(path) !== 'code-cache',
    })
  } else {
    symlinkSync(join(here, 'node_modules'), join(tree, 'node_modules'), 'dir')
    execFileSync('npm', ['run', '--silent', 'compile'], {
      cwd: tree,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    rmSync(join(tree, 'node_modules'))
  }
  withoutDevelopment(tree)
  git(tree, 'add', '--all')
  git(tree, 'add', '--force', 'dist')
  const commit = git(
    tree,
    'commit-tree',
    git(tree, 'write-tree'),
    '-p',
    'HEAD',
    '-m',
    `Oakum ${version}, compiled`,
  )
  git(tree, 'tag', '--annotate', '--message', `Oakum ${version}`, tag, commit)
  process.stdout.write(
    `${tag} names ${commit}, made of ${git(here, 'rev-parse', 'HEAD')}; to publish it: git push origin ${tag}\n`,
  )
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', tree], { cwd: here, stdio: 'ignore' })
  rmSync(scratch, { recursive: true, force: true })
}
