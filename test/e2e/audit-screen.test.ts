import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FakeAws, startAws } from '../support/aws.ts'
import { awsPair, githubToken, type Pair } from '../support/credentials.ts'
import { oakum } from '../support/oakum.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'
import { hasTmux, Tmux } from '../support/tmux.ts'

const live = awsPair(931)
const keys = ({ id, secret }: Pair): string =>
  `[default]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\nregion = eu-west-1\n`

/**
 * A key that was pushed and removed, tokens that were not pushed, and names that would act on a
 * terminal.
 */
function shop(): Repo {
  const origin = Repo.create({ bare: true })
  const repo = Repo.create()
  repo.git('config', 'user.name', 'Ada Author')
  repo.git('remote', 'add', 'origin', `file://${origin.path}`)
  repo.commit('Deploy', { 'deploy/prod.ini': keys(live) })
  repo.commit('Longer', { 'deploy/prod.ini': `${keys(live)}timeout = 30\n` })
  repo.remove('deploy/prod.ini').commit('Use roles')
  repo.git('push', '-q', 'origin', 'main')
  repo.commit('\u001B[2J\u001B[31mHostile\u0007 \u202Emessage', {
    'a\u001B[2Jb.yml': `token: ${githubToken(932)}\n`,
  })
  repo.commit(
    'More',
    Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`t${n}.yml`, `token: ${githubToken(940 + n)}\n`]),
    ),
  )
  return repo
}

if (!hasTmux) console.log('tmux is missing: the tests of the screen are skipped')

describe.skipIf(!hasTmux)('oakum audit on a terminal', () => {
  let aws: FakeAws
  beforeAll(async () => {
    aws = await startAws({ keys: [live] })
  })
  afterAll(() => aws.close())

  test('goes from the first finding to the verdict, and leaves the terminal as it was', async () => {
    const repo = shop()
    const terminal = new Tmux({ cwd: repo.path })
    terminal.run('echo before; stty -g > .git/stty')
    await terminal.until(/^before$/m)
    terminal.run(`$OAKUM audit --sts-endpoint ${aws.url}`)
    const list = await terminal.until(/done in/)
    expect(terminal.isAlternate).toBe(true)
    expect(list).toMatch(/NOT YET SAFE TO PUBLISH {2}1 published · 13 pending/)
    expect(list).toMatch(/▸ HIGH +AKIA\S+ \S+ +aws-access-key +.*● published no/)

    // A burst counts key by key, a paste not at all.
    terminal.type('jjjj')
    await terminal.until(markedAt(4))
    terminal.paste('jjj\nq')
    await terminal.until(/pasted text is not read as keys/)
    expect(markedAt(4)(terminal.screen)).toBe(true)
    terminal.press('g')

    // Filter, and back.
    terminal.type('/2Jb')
    expect(await terminal.until(/1 of 14/)).toMatch(/a\\x1b\[2Jb|github-token/)
    terminal.press('Escape')
    await terminal.until(/–14 of 14/)

    // The dossier: reveal and hide.
    terminal.press('g', 'Enter')
    const dossier = await terminal.until(
      (screen) => /└ left/.test(screen) && /aws_secret_access_key = \S+…/.test(screen),
    )
    expect(dossier).toMatch(/┌ entered.*deploy\/prod\.ini.*Deploy[\s\S]*│ changed[\s\S]*└ left/)
    expect(dossier).not.toContain(live.secret)
    terminal.press('x')
    await terminal.until((screen) => screen.includes(live.secret))
    terminal.press('j')
    await terminal.until((screen) => !screen.includes(live.secret))

    // Accept with a reason, and take it back.
    terminal.press('a').type('rotated in May').press('Enter')
    await terminal.until(/accepted 1/)
    expect(readFileSync(join(repo.path, 'oakum.allow'), 'utf8')).toContain(
      '"reason":"rotated in May"',
    )
    terminal.press('u')
    await terminal.until(/removed from oakum\.allow/)
    expect(readFileSync(join(repo.path, 'oakum.allow'), 'utf8')).toBe('')

    // Nobody is asked without a yes.
    terminal.press('v', 'c')
    expect(await terminal.until(/seen +CloudTrail logs the call/)).toMatch(
      /1 access key can be verified/,
    )
    terminal.press('n')
    await terminal.until(/not verified/)
    expect(aws.calls).toEqual([])
    terminal.press('v', 'c')
    await terminal.until(/seen +CloudTrail logs the call/)
    terminal.press('y')
    await terminal.until(/1 of 1 live/)
    expect(aws.calls).toHaveLength(1)
    terminal.press('Escape')
    expect(await terminal.until(/▸ CRITICAL/)).toMatch(/1 live · 13 pending/)

    // The verdict, and a small terminal.
    terminal.press('Tab')
    await terminal.until(/✘ Published, and live: 1/)
    terminal.press('Tab')
    terminal.resize(60, 15)
    const small = await terminal.until(/NOT YET SAFE {2}1 live/)
    expect(small.split('\n').filter((line) => line.length > 60)).toEqual([])
    expect(small).toMatch(/▸ CRIT/)
    terminal.resize(120, 40)
    await terminal.until(/NOT YET SAFE TO PUBLISH/)

    terminal.press('q')
    const after = await terminal.until(/^Not yet safe to publish: 1 live, 13 pending/m)
    expect(terminal.isAlternate).toBe(false)
    expect(after).toMatch(/^before$/m)
    terminal.run('echo "code $? $(test "$(stty -g)" = "$(cat .git/stty)" && echo same)"')
    await terminal.until(/^code 1 same$/m)
    expect(terminal.screen).not.toContain(live.secret)
  }, 120_000)

  // A signal that nobody foresaw stands for a bug.
  const crashing = join(temporaryFolder(), 'crash.mjs')
  writeFileSync(crashing, "process.on('SIGUSR2', () => { throw new Error('a bug') })")

  test.each<readonly [string, number, (terminal: Tmux) => void]>([
    ['^C', 130, (terminal) => terminal.press('C-c')],
    ['SIGTERM', 130, (terminal) => process.kill(terminal.pid, 'SIGTERM')],
    ['SIGHUP', 130, (terminal) => process.kill(terminal.pid, 'SIGHUP')],
    ['a crash', 3, (terminal) => process.kill(terminal.pid, 'SIGUSR2')],
  ])(
    'leaves the terminal as it was after %s',
    async (_name, code, end) => {
      const repo = shop()
      const terminal = new Tmux({
        cwd: repo.path,
        columns: 90,
        rows: 24,
        env: { NODE_OPTIONS: `--import=${crashing}` },
      })
      terminal.run('stty -g > .git/stty; $OAKUM audit')
      await terminal.until(/SEV/)
      expect(terminal.isAlternate).toBe(true)
      end(terminal)
      await terminal.until((screen) => !/SEV/.test(screen) && screen.trimEnd().endsWith('$'))
      expect(terminal.isAlternate).toBe(false)
      terminal.run('echo "code $? $(test "$(stty -g)" = "$(cat .git/stty)" && echo same)"')
      await terminal.until(new RegExp(`^code ${code} same$`, 'm'))
    },
    60_000,
  )

  test('keeps what was decided whatever ends it, and takes it up again', async () => {
    const repo = shop()
    const first = new Tmux({ cwd: repo.path })
    first.run('$OAKUM audit')
    await first.until(/done in/)
    first.type('jjr')
    await first.until(/▸.*rotate/)
    process.kill(first.pid, 'SIGKILL')
    expect(existsSync(join(repo.path, '.git/oakum/audit.json'))).toBe(true)
    const plain = await oakum(['audit', '--plain'], { cwd: repo.path })
    expect(plain.stdout.match(/marked to rotate/g)).toHaveLength(1)

    const second = new Tmux({ cwd: repo.path, env: { NO_COLOR: '1' } })
    second.run('$OAKUM audit')
    await second.until(/done in/)
    await second.until(/▸.*rotate/)
  }, 60_000)
})

/** Is the cursor on the nth line of the list, counted from 0? */
function markedAt(n: number): (screen: string) => boolean {
  return (screen) =>
    screen
      .split('\n')
      .slice(3)
      .findIndex((line) => line.startsWith(' ▸')) === n
}
