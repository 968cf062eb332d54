/**
 * A history full of secrets that move, change and come apart, and the result of its scan in a form
 * that tests can compare.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import {
  asiaTriple,
  awsPair,
  awsPairWithoutSlash,
  githubToken,
  password,
} from '../../support/credentials.ts'
import { seededRandom } from '../../support/random.ts'
import { Repo, type RepoOptions, temporaryFolder } from '../../support/repo.ts'

/** Returns lines without a secret. */
export function plainLines(count: number, seed: number): readonly string[] {
  const random = seededRandom(seed)
  return Array.from(
    { length: count },
    (_, at) =>
      `${at} ${Array.from({ length: 6 }, () => Math.floor(random() * 1e9).toString(36)).join(' ')}`,
  )
}

/** Returns a text with `lines` in its middle. */
function around(seed: number, ...lines: readonly string[]): string {
  const plain = plainLines(120, seed)
  return `${[...plain.slice(0, 60), ...lines, ...plain.slice(60)].join('\n')}\n`
}

const keyLine = (id: string): string => `aws_access_key_id = ${id}`
const secretLine = (secret: string): string => `aws_secret_access_key = ${secret}`

/** Returns versions of `keys.ini`, each of which differs little from the one before. */
function rotations(seed: number): readonly string[] {
  const [one, two, token] = [awsPair(seed), awsPair(seed + 1), githubToken(seed)]
  const tail = `${one.secret.slice(0, 22)}${two.secret.slice(22)}`
  const whole = [keyLine(one.id), secretLine(one.secret), `token: ${token}`]
  return [
    around(seed, ...whole),
    around(seed, keyLine(one.id), secretLine(tail), `token: ${token}`),
    around(seed, keyLine(one.id), secretLine(tail), `token: gho${token.slice(3)}`),
    around(
      seed,
      keyLine(one.id),
      secretLine(tail),
      `token: ${token.slice(0, 19)}`,
      token.slice(19),
    ),
    around(seed, keyLine(one.id), secretLine(tail), `token: ${token}`),
    around(
      seed,
      '# rotated',
      keyLine(one.id),
      `${secretLine(tail)} # mine`,
      `the token: ${token} is old`,
    ),
    around(seed, keyLine(one.id), secretLine(one.secret), `tokens: ${token}x`),
    around(seed, keyLine(two.id), secretLine(one.secret)),
    around(seed, keyLine(two.id), secretLine(two.secret), '# see below'),
    around(seed, ...whole).slice(0, around(seed, ...whole).indexOf(one.secret) + 17),
    around(seed, ...plainLines(30, seed + 1), keyLine(two.id), secretLine(two.secret)),
    around(seed, 'nothing any more'),
  ]
}

/**
 * Returns a repository with secrets in files that are edited around them, split, joined, cut and
 * moved; in names of files and folders; in messages of commits and of a tag; in `.env` files equal
 * to other files; and with merges of two and three branches.
 */
export function planted(seed: number, options: RepoOptions = {}): Repo {
  const repo = Repo.create(options)
  const named = awsPairWithoutSlash(seed + 10)
  const session = asiaTriple(seed + 11)
  const env = [
    `DB_PASSWORD=${password(seed)}`,
    `API_KEY=${password(seed + 1)}`,
    `GITHUB=${githubToken(seed + 2)}`,
    'MODE=fast\n',
  ].join('\n')
  repo.write(Buffer.from('odd/caf\xe9 "x"\t.txt', 'latin1'), around(seed + 3))
  rotations(seed).forEach((content, at) => {
    repo
      .write('conf/keys.ini', content)
      .write('src/main.ts', around(seed + 4, `const version = ${at}`))
    repo.write(
      'logs/app.log',
      around(seed + 5 + at, at % 3 === 0 ? keyLine(awsPair(seed + at).id) : 'fine'),
    )
    if (at > 0)
      repo.write(
        'logs/app.log.1',
        around(seed + 4 + at, (at - 1) % 3 === 0 ? keyLine(awsPair(seed + at - 1).id) : 'fine'),
      )
    if (at === 2)
      repo.write('.env', env).write('deploy/.env.example', env).write('deploy/settings.txt', env)
    if (at === 4)
      repo
        .write('deploy/prod/.env', `${env}# for ${at}\n`)
        .write('.env.example', 'DB_PASSWORD=changeme\n')
        .remove('deploy/.env.example')
    if (at === 5)
      repo
        .write(`keys/${named.id}:${named.secret}/readme.txt`, 'see the folder\n')
        .write(`dump-${githubToken(seed + 6)}.txt`, 'see the name\n')
    if (at === 6)
      repo.write(
        'wide.ini',
        Buffer.from(around(seed, keyLine(named.id), secretLine(named.secret)), 'utf16le'),
      )
    repo.commit(
      at === 7
        ? `Change ${at}\n\n${keyLine(session.id)}\n${secretLine(session.secret)}\n` +
            `AWS_SESSION_TOKEN=${session.token}\n`
        : `Change ${at}`,
    )
  })
  for (const name of ['one', 'two']) {
    repo.git('checkout', '-q', '-b', name, 'main~3')
    repo.commit(`Work on ${name}`, {
      [`${name}.ini`]: around(
        seed + 7,
        `password = "${password(seed + 3)}"`,
        keyLine(awsPair(seed + 20).id),
      ),
    })
  }
  repo.git('checkout', '-q', 'main')
  repo.git('merge', '-q', '-m', 'Merge both', 'one', 'two')
  repo.gitBytes(['tag', '-a', '-F', '-', 'v1'], `First\n\ntoken ${githubToken(seed + 30)}\n`)
  // Unreachable, and in the index alone.
  repo.gitBytes(
    ['hash-object', '-w', '--stdin'],
    around(seed + 8, `lost ${githubToken(seed + 31)}`),
  )
  repo
    .write(
      'staged.ini',
      around(seed + 9, keyLine(awsPair(seed + 21).id), secretLine(awsPair(seed + 21).secret)),
    )
    .git('add', '-A')
  return repo
}

/** Copies a repository to another folder. */
export function copied(repo: Repo): Repo {
  const copy = new Repo(join(temporaryFolder(), 'copy'))
  // Node cannot copy names that are not UTF-8.
  if (spawnSync('cp', ['-a', repo.path, copy.path]).status !== 0)
    throw new Error(`${repo.path} could not be copied`)
  return copy
}

/** A result of `scan`, from the sources or from `dist`. */
interface Result {
  readonly findings: readonly {
    readonly rule: { readonly id: string }
    readonly places: readonly unknown[]
  }[]
  readonly suppressed: readonly unknown[]
  readonly receipt: { readonly skipped: readonly unknown[] }
}

/** Returns a scan result without its reader and duration, sorted where readers have their own order. */
export function comparable({ findings, suppressed, receipt }: Result): unknown {
  return {
    findings: sorted(
      findings.map((finding) => ({
        ...finding,
        rule: finding.rule.id,
        places: sorted(finding.places),
      })),
    ),
    suppressed: sorted(suppressed),
    receipt: { ...receipt, skipped: sorted(receipt.skipped), durationMs: 0, reader: '' },
  }
}

function sorted(items: readonly unknown[]): readonly unknown[] {
  return items
    .map((item) => JSON.stringify(item))
    .sort()
    .map((text): unknown => JSON.parse(text))
}
