/**
 * Canaries: every setting of a repository by which git starts a program, each with a program that
 * leaves a file.
 */
import { appendFileSync, chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Trial } from '../trial.ts'

const hooks = [
  'pre-commit',
  'post-index-change',
  'reference-transaction',
  'fsmonitor-watchman',
  'post-checkout',
  'pre-auto-gc',
  'pre-push',
]

/** Writes the canaries into a git directory, which must have been intact until then. */
export function plantCanaries(trial: Trial, gitDirectory: string): void {
  const program = trial.path('canary.sh')
  writeFileSync(program, `#!/bin/sh\n: > '${trial.path('canary-ran')}'\ncat 2>/dev/null\n`)
  chmodSync(program, 0o755)
  mkdirSync(join(gitDirectory, 'hooks'), { recursive: true })
  for (const hook of hooks) {
    writeFileSync(join(gitDirectory, 'hooks', hook), `#!/bin/sh\nexec '${program}'\n`)
    chmodSync(join(gitDirectory, 'hooks', hook), 0o755)
  }
  appendFileSync(join(gitDirectory, 'config'), `\n${settings(program)}`)
  mkdirSync(join(gitDirectory, 'info'), { recursive: true })
  appendFileSync(
    join(gitDirectory, 'info/attributes'),
    '\n* diff=canary filter=canary merge=canary\n',
  )
}

/** Fails the case when one of its canaries ran. */
export function checkCanaries(trial: Trial): void {
  if (existsSync(trial.path('canary-ran')))
    trial.fail('program of the repository', 'a setting of the repository started a program')
}

function settings(program: string): string {
  return `[core]
\tfsmonitor = ${program}
\tpager = ${program}
\teditor = ${program}
\tsshCommand = ${program}
\tgitProxy = ${program}
\taskPass = ${program}
\talternateRefsCommand = ${program}
[credential]
\thelper = !${program}
[diff]
\texternal = ${program}
[diff "canary"]
\ttextconv = ${program}
\tcommand = ${program}
[filter "canary"]
\tclean = ${program}
\tsmudge = ${program}
\tprocess = ${program}
[merge "canary"]
\tdriver = ${program}
[pager]
\tlog = ${program}
\tshow = ${program}
\tdiff = ${program}
[uploadpack]
\tpackObjectsHook = ${program}
[gpg]
\tprogram = ${program}
[sequence]
\teditor = ${program}
[interactive]
\tdiffFilter = ${program}
[log]
\tshowSignature = true
[alias]
\tcat-file = !${program}
\trev-list = !${program}
[remote "canary"]
\turl = ext::${program}
\tfetch = +refs/heads/*:refs/remotes/canary/*
\tuploadpack = ${program}
`
}
