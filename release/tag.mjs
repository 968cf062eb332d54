#!/usr/bin/env node
/**
 * Makes the tag v<version>. Its commit has what HEAD has and the compiled program, which needs no
 * other package: a workflow that names the tag installs nothing. The commit hangs on the tag alone,
 * so no branch carries compiled code.
 *
 * --compiled takes dist/ as it is here, instead of compiling HEAD. --check makes no tag: it fails
 * unless the tag has exactly what its sources, the commit before it, compile to.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, manifest, publishedManifest, refuse, root, tag } from './project.mjs'

const isCompiled = process.argv.includes('--compiled')
const isCheck = process.argv.includes('--check')
const { version } = manifest
const exists = git(root, 'tag', '--list', tag) !== ''

if (isCheck && !exists) refuse(`there is no tag ${tag}`)
if (!isCheck && exists) refuse(`the tag ${tag} is there already: raise the version in package.json`)
if (git(root, 'status', '--porcelain') !== '')
  refuse('there are changes that are not committed; the tag is made of HEAD')
if (isCompiled && !existsSync(join(root, manifest.bin.oakum)))
  refuse('there is no compiled program to take: npm run compile')

/** Fills `tree`, a work tree of HEAD, with the release, and returns the id of git's tree. */
function writeRelease(tree) {
  if (isCompiled) cpSync(join(root, 'dist'), join(tree, 'dist'), { recursive: true })
  else compile(tree)
  // An installation from the tag needs no development, and its lock file would name nothing else.
  writeFileSync(
    join(tree, 'package.json'),
    `${JSON.stringify(publishedManifest(), undefined, 2)}\n`,
  )
  rmSync(join(tree, 'package-lock.json'))
  git(tree, 'add', '--all')
  const program = manifest.files.filter((pattern) => pattern.startsWith('dist/'))
  git(
    tree,
    'add',
    '--force',
    ...program.map((pattern) => `:(glob)${pattern}`),
    ':(exclude,glob)dist/code-cache/**',
  )
  return git(tree, 'write-tree')
}

function compile(tree) {
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'), 'dir')
  execFileSync('npm', ['run', '--silent', 'compile'], {
    cwd: tree,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  rmSync(join(tree, 'node_modules'))
}

const scratch = mkdtempSync(join(tmpdir(), 'oakum-release-'))
const tree = join(scratch, 'tree')
try {
  git(root, 'worktree', 'add', '--quiet', '--detach', tree, 'HEAD')
  const content = writeRelease(tree)
  if (isCheck) {
    if (git(root, 'rev-parse', `${tag}^{tree}`) !== content) {
      process.exitCode = 1
      process.stderr.write(
        `release: ${tag} does not have what its sources compile to:\n${git(root, 'diff', '--stat', content, tag)}\n`,
      )
    } else process.stdout.write(`${tag} has exactly what its sources compile to\n`)
  } else {
    const commit = git(
      tree,
      'commit-tree',
      content,
      '-p',
      'HEAD',
      '-m',
      `Oakum ${version}, compiled`,
    )
    git(tree, 'tag', '--annotate', '--message', `Oakum ${version}`, tag, commit)
    process.stdout.write(
      `${tag} names ${commit}, made of ${git(root, 'rev-parse', 'HEAD')}; to publish it: git push origin ${tag}\n`,
    )
  }
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', tree], { cwd: root, stdio: 'ignore' })
  rmSync(scratch, { recursive: true, force: true })
}
