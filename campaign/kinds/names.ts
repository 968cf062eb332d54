/** Hostile names of files, branches, tags, authors and messages, some with a secret inside. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { awsPairWithoutSlash, githubToken } from '../../test/support/credentials.ts'
import { Builder } from '../corpus/builder.ts'
import { ObjectWriter } from '../corpus/object-writer.ts'
import { type Command, oakum } from '../run/oakum.ts'
import { pairText } from '../run/secrets.ts'
import type { Kind, Trial } from '../trial.ts'
import { hostileName, rawControl } from './hostile-names.ts'

const formats = [
  'text',
  'json',
  'jsonl',
  'sarif',
  'html',
  'markdown',
  'csv',
  'junit',
  'gitlab',
  'github',
]

export const names: Kind = {
  name: 'names',
  tries: 'control characters, invalid UTF-8, secrets in names of files, refs, authors; each format',
  weight: 2,
  run: async (trial) => {
    const { random } = trial
    const built = new Builder(trial.path('repo/main'), 0).init()
    const { start, head } = writeHostile(trial, join(built.path, '.git'))
    const format = random.pick(formats)
    trial.tags.add(`format: ${format}`)
    const commands: readonly Command[] = [
      [['history', '--format', format, '--all-origins', '--verbose']],
      [['history', '--format', format, '--show-suppressed', '--no-cache']],
      [['range', `${start}..${head}`, '--format', format, '--show-suppressed']],
      [['audit', '--plain']],
      [['audit', '--verdict']],
      [['plan']],
      [
        ['hook', 'pre-push', 'origin', 'nowhere'],
        `refs/heads/main ${head} refs/heads/main ${'0'.repeat(40)}\n`,
      ],
      [['doctor']],
    ]
    for (const [args, stdin] of [random.pick(commands), random.pick(commands)]) {
      const run = await oakum(trial, args, {
        cwd: built.path,
        stdin,
      })
      const control = rawControl(`${run.stdout.toString()}\n${run.stderr}`)
      if (control !== undefined)
        trial.fail('control character printed', `${run.name}: ${JSON.stringify(control)}`)
    }
  },
}

/** Two commits with hostile names; pairs and tokens in files, and in some of the names. */
function writeHostile(
  trial: Trial,
  gitDirectory: string,
): { readonly start: string; readonly head: string } {
  const { random } = trial
  const pair = awsPairWithoutSlash(700_000 + trial.seed)
  const token = githubToken(700_000 + trial.seed)
  trial.planted.push(pair, { id: '', secret: token })
  const name = (): Buffer => {
    const secret = random.pick(['', '', '', pair.secret, token])
    return Buffer.concat([hostileName(random), Buffer.from(secret), Buffer.from(random.hex(3))])
  }
  const objects = new ObjectWriter()
  const blob = objects.blob(`${pairText(pair)}token = ${token}\n`)
  const entry = (): { mode: string; name: Buffer; oid: string } => ({
    mode: '100644',
    name: name(),
    oid: blob,
  })
  const inner = objects.tree([entry(), entry(), { mode: '100644', name: '.env', oid: blob }])
  const author = `${name()
    .toString('latin1')
    .replaceAll(/[<>\n]/g, '')} <${random.hex(4)}@example.com>`
  const start = objects.commit(
    objects.tree([{ mode: '100644', name: 'README.md', oid: objects.blob('# Shop\n') }]),
  )
  const head = objects.commit(
    objects.tree([entry(), entry(), { mode: '40000', name: name(), oid: inner }]),
    {
      parents: [start],
      author,
      message: Buffer.concat([name(), Buffer.from(`\n\n${token}\n`), name()]),
    },
  )
  objects.finish(gitDirectory, head)
  writeRefs(trial, gitDirectory, { head, token, names: [name(), name()] })
  return { start, head }
}

/** Refs by such names: those that git refuses as a ref it does not show, and so must Oakum. */
function writeRefs(
  trial: Trial,
  gitDirectory: string,
  {
    head,
    token,
    names: refs,
  }: { readonly head: string; readonly token: string; readonly names: readonly Buffer[] },
): void {
  for (const ref of [...refs, Buffer.from(`user/${token}`)]) {
    const path = Buffer.concat([Buffer.from(join(gitDirectory, 'refs/heads/')), ref])
    try {
      mkdirSync(dirname(path.toString()), { recursive: true })
      writeFileSync(path, `${head}\n`)
      trial.did(`ref ${JSON.stringify(ref.toString())}`)
    } catch {
      // The file system has no such name.
    }
  }
}
