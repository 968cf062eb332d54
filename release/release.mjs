/**
 * npm run release: makes the tag of this version; pushing the tag starts the workflow that publishes
 * it. With --dry-run it makes, in a temporary folder, everything that the workflow would publish,
 * with the workflow's own scripts, and publishes nothing. --keep <folder> keeps what it made.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { archiveName, git, majorTag, manifest, repositoryUrl, root, tag } from './project.mjs'

const args = process.argv.slice(2)

function step(script, cwd, ...more) {
  process.stdout.write(`\n$ node release/${script}.mjs ${more.join(' ')}\n`)
  execFileSync(process.execPath, [join(cwd, 'release', `${script}.mjs`), ...more], {
    cwd,
    stdio: 'inherit',
  })
}

function dryRun(folder) {
  const assets = join(folder, 'assets')
  step('pack', root, assets)
  step('assets', root, assets)
  const hooks = join(folder, 'pre-commit')
  git(root, 'init', '--quiet', hooks)
  step('pre-commit', root, hooks)
  // A clone, so that the tag is not made here.
  const clone = join(folder, 'tagged')
  git(root, 'clone', '--quiet', '--shared', root, clone)
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'dir')
  step('tag', clone)
  step('tag', clone, '--check')
  process.stdout.write(
    [
      '\nThe workflow would publish:',
      `  npm      ${manifest.name}@${manifest.version} (${archiveName}), with provenance`,
      `  GitHub   ${repositoryUrl}/releases/tag/${tag}, and the tag ${majorTag}`,
      `  image    ghcr.io${new URL(repositoryUrl).pathname}:${manifest.version}`,
      `  hooks    ${repositoryUrl}-pre-commit, tag ${tag}`,
      '',
    ].join('\n'),
  )
}

if (!args.includes('--dry-run')) step('tag', root, ...args)
else {
  const kept = args.includes('--keep')
    ? resolve(args[args.indexOf('--keep') + 1] ?? '.')
    : undefined
  if (kept !== undefined) mkdirSync(kept, { recursive: true })
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'oakum-dry-run-'))
  try {
    dryRun(folder)
  } finally {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true })
  }
}
