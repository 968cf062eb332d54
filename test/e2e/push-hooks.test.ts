import { describe, expect, test } from 'vitest'
import { awsPair } from '../support/credentials.ts'
import { Repo } from '../support/repo.ts'
import { Hooked } from './hooked.ts'
import { pairText } from './pair-in-report.ts'

/** A bare remote and a clone of it with one commit on main. */
function clonedFrom(remote = Repo.create({ bare: true })): {
  readonly remote: Repo
  readonly work: Repo
} {
  const work = Repo.create()
  work.git('remote', 'add', 'origin', remote.path)
  work.commit('Start', { 'README.md': '# Shop\n' })
  work.git('push', '-q', 'origin', 'main')
  return { remote, work }
}

const refsOf = (repo: Repo): string => repo.git('for-each-ref', '--format=%(refname) %(objectname)')

/** What is pushed, and with which arguments. */
type Push = (work: Repo, seed: number) => readonly string[]

const leaks: readonly (readonly [string, Push])[] = [
  [
    'a new commit',
    (work, seed) => {
      work.commit('Add', { 'a.ini': pairText(awsPair(seed)) })
      return ['main']
    },
  ],
  [
    'a commit whose secret a later one removes',
    (work, seed) => {
      work.commit('Add', { 'a.ini': pairText(awsPair(seed)) })
      work.remove('a.ini').commit('Remove')
      return ['main']
    },
  ],
  [
    'a new branch',
    (work, seed) => {
      work.git('switch', '-q', '-c', 'topic')
      work.commit('Add', { 'a.ini': pairText(awsPair(seed)) })
      return ['topic']
    },
  ],
  [
    'a branch that is rewritten',
    (work, seed) => {
      work.commit('Shared')
      work.git('push', '-q', 'origin', 'main')
      work.git('reset', '-q', '--hard', 'HEAD~1')
      work.commit('Other', { 'a.ini': pairText(awsPair(seed)) })
      return ['--force', 'main']
    },
  ],
  [
    'the second of several branches',
    (work, seed) => {
      work.git('branch', 'one')
      work.git('switch', '-q', '-c', 'two')
      work.commit('Add', { 'a.ini': pairText(awsPair(seed)) })
      return ['one', 'two']
    },
  ],
  [
    'a branch, while another is deleted',
    (work, seed) => {
      work.git('push', '-q', 'origin', 'main:gone')
      work.commit('Add', { 'a.ini': pairText(awsPair(seed)) })
      return [':gone', 'main']
    },
  ],
  [
    'a tag on a commit of no branch',
    (work, seed) => {
      work.git('switch', '-q', '--detach')
      work.commit('Add', { 'a.ini': pairText(awsPair(seed)) })
      work.git('tag', 'v1')
      return ['v1']
    },
  ],
  [
    'the message of a tag',
    (work, seed) => {
      work.gitBytes(['tag', '-a', '-F', '-', 'v1'], `One\n\n${pairText(awsPair(seed))}`)
      return ['v1']
    },
  ],
  [
    'the message of a commit',
    (work, seed) => {
      work.commit(`Rotate\n\n${pairText(awsPair(seed))}`)
      return ['main']
    },
  ],
  [
    'what a merge brings from a side branch',
    (work, seed) => {
      work.git('switch', '-q', '-c', 'side')
      work.commit('Side', { 'side.ini': pairText(awsPair(seed)) })
      work.git('switch', '-q', 'main')
      work.commit('Main', { 'b.txt': 'b\n' })
      work.merge('side').commit('Merge')
      return ['main']
    },
  ],
  [
    'a shallow clone',
    (work, seed) => {
      work.git('fetch', '-q', '--depth=1', 'origin', 'main')
      work.commit('Add', { 'a.ini': pairText(awsPair(seed)) })
      return ['main']
    },
  ],
]

const nothingNew: readonly (readonly [string, Push])[] = [
  [
    'a clean commit',
    (work) => {
      work.commit('Add', { 'a.txt': 'a\n' })
      return ['main']
    },
  ],
  [
    'a branch that is deleted',
    (work) => {
      work.git('push', '-q', 'origin', 'main:gone')
      return [':gone']
    },
  ],
  ['a branch at a commit that the remote has', () => ['main:other']],
  [
    'a commit on top of a secret that the remote has',
    (work, seed) => {
      work.commit('Add', { 'a.ini': pairText(awsPair(seed)) })
      work.git('push', '-q', '--no-verify', 'origin', 'main')
      work.commit('Go on', { 'b.txt': 'b\n' })
      return ['main']
    },
  ],
]

describe('pre-push', () => {
  test.each(leaks.map(([what, push], index) => [what, push, 2400 + index] as const))(
    'stops %s',
    (_what, push, seed) => {
      const { remote, work } = clonedFrom()
      const args = push(work, seed)
      const before = refsOf(remote)
      const run = new Hooked(work, 'pre-push').run(['push', '-q', 'origin', ...args])
      expect(run.said).toContain('oakum stopped this push')
      expect(run.code).toBe(1)
      expect(refsOf(remote)).toBe(before)
    },
  )

  test.each(nothingNew.map(([what, push], index) => [what, push, 2420 + index] as const))(
    'lets %s pass without a word',
    (_what, push, seed) => {
      const { work } = clonedFrom()
      const args = push(work, seed)
      expect(new Hooked(work, 'pre-push').run(['push', '-q', 'origin', ...args])).toMatchObject({
        code: 0,
        said: '',
      })
    },
  )

  test.each([
    ['a clean rebase', ['rebase', '-q', 'main', 'side']],
    ['a cherry-pick', ['cherry-pick', 'side']],
    ['a revert of what took it out', ['revert', '--no-edit', 'main']],
  ] as const)('stops what %s brings, which no pre-commit hook sees', (_what, command) => {
    const { work } = clonedFrom()
    work.git('switch', '-q', '-c', 'side')
    work.commit('Side', { 'side.ini': pairText(awsPair(2430)) })
    work.git('switch', '-q', 'main')
    work.commit('Leak', { 'main.ini': pairText(awsPair(2431)) })
    work.git('push', '-q', 'origin', 'main')
    work.remove('main.ini').commit('Take it out')
    const hooked = new Hooked(work, 'pre-commit', 'pre-push')
    expect(hooked.run(command)).toMatchObject({ code: 0, said: undefined })
    const run = hooked.run(['push', '-q', 'origin', 'HEAD:refs/heads/new'])
    expect(run.said).toContain('oakum stopped this push')
    expect(run.code).toBe(1)
  })

  test('takes what another remote has for new, and what is pushed to an address', () => {
    const { work } = clonedFrom()
    const other = Repo.create({ bare: true })
    work.commit('Add', { 'a.ini': pairText(awsPair(2440)) })
    work.git('push', '-q', 'origin', 'main')
    work.git('remote', 'add', 'other', other.path)
    const hooked = new Hooked(work, 'pre-push')
    expect(hooked.run(['push', '-q', 'other', 'main'])).toMatchObject({ code: 1 })
    expect(hooked.run(['push', '-q', other.path, 'main'])).toMatchObject({ code: 1 })
    expect(hooked.run(['push', '-q', 'origin', 'main'])).toMatchObject({ code: 0 })
  })

  test('looks at what is new of ten thousand commits', () => {
    const { work } = clonedFrom()
    const lines = Array.from(
      { length: 10_000 },
      (_, n) =>
        `commit refs/heads/long\ncommitter A <a@example.com> ${1_700_000_000 + n} +0000\ndata 2\nx\n${n === 0 ? `from ${work.git('rev-parse', 'main')}\n` : ''}M 100644 inline f${n % 50}\ndata ${String(n).length}\n${n}\n`,
    )
    work.gitBytes(['fast-import', '--quiet'], lines.join(''))
    work.git('push', '-q', 'origin', 'long~3:refs/heads/long')
    work.git('switch', '-q', 'long')
    const run = new Hooked(work, 'pre-push').run(['push', '-q', '--verbose', 'origin', 'long'])
    expect(run).toMatchObject({ code: 0, said: '' })
  })

  test('says which commit to change, and is stopped no more when that is done', () => {
    const { work } = clonedFrom()
    const commit = work.commit('Add', { 'conf/a.ini': pairText(awsPair(2450)) })
    work.commit('Go on', { 'b.txt': 'b\n' })
    const hooked = new Hooked(work, 'pre-push')
    expect(hooked.run(['push', '-q', 'origin', 'main']).said).toContain(
      `git rebase -i ${commit.slice(0, 12)}^`,
    )
    work.git('-c', 'sequence.editor=sed -i 1d', 'rebase', '-q', '-i', `${commit}^`)
    expect(hooked.run(['push', '-q', 'origin', 'main'])).toMatchObject({ code: 0, said: '' })
  })
})

describe('pre-receive', () => {
  test.each(
    leaks
      .filter(([what]) => /new|rewritten|tag|merge/.test(what))
      .map(([what, push], index) => [what, push, 2460 + index] as const),
  )('refuses %s, and keeps nothing of it', (_what, push, seed) => {
    const { remote, work } = clonedFrom()
    const args = push(work, seed)
    const before = [refsOf(remote), remote.git('count-objects')]
    const run = new Hooked(remote, 'pre-receive').run(['push', '-q', 'origin', ...args], work)
    expect(run.said).toContain('oakum stopped this push')
    expect(run.git).toContain('pre-receive hook declined')
    expect([refsOf(remote), remote.git('count-objects')]).toEqual(before)
  })

  test.each(nothingNew.map(([what, push], index) => [what, push, 2480 + index] as const))(
    'takes %s',
    (_what, push, seed) => {
      const { remote, work } = clonedFrom()
      const args = push(work, seed)
      expect(
        new Hooked(remote, 'pre-receive').run(['push', '-q', 'origin', ...args], work),
      ).toMatchObject({ code: 0, said: '' })
    },
  )

  test('reads configuration from what it has, not from what is pushed', () => {
    const { remote, work } = clonedFrom()
    const config = 'version: 1\nallow:\n  paths:\n    - glob: "*.ini"\n      reason: made up\n'
    const hooked = new Hooked(remote, 'pre-receive')
    work.commit('Add', { 'a.ini': pairText(awsPair(2490)), 'oakum.yaml': config })
    expect(hooked.run(['push', '-q', 'origin', 'main'], work)).toMatchObject({ code: 1 })
    work.git('reset', '-q', '--hard', 'HEAD~1')
    work.commit('Configure', { 'oakum.yaml': config })
    expect(hooked.run(['push', '-q', 'origin', 'main'], work)).toMatchObject({ code: 0 })
    work.commit('Add', { 'a.ini': pairText(awsPair(2490)) })
    expect(hooked.run(['push', '-q', 'origin', 'main'], work)).toMatchObject({ code: 0 })
  })
})

describe('commit-msg', () => {
  test('stops a secret in a message, and nothing that git cuts off it', () => {
    const { work } = clonedFrom()
    const hooked = new Hooked(work, 'commit-msg')
    const run = hooked.run([
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      `Rotate\n\n${pairText(awsPair(2500))}`,
    ])
    expect(run).toMatchObject({ code: 1 })
    expect(run.said).toContain('the commit message:5:25')
    expect(hooked.run(['commit', '-q', '--allow-empty', '-m', 'Rotate'])).toMatchObject({
      code: 0,
      said: '',
    })

    work.commit('Leak', { 'a.ini': pairText(awsPair(2501)) })
    work.remove('a.ini').git('add', '-A')
    expect(
      hooked.run(['-c', 'core.editor=sed -i 1iRemove', 'commit', '-q', '--verbose']),
    ).toMatchObject({ code: 0, said: '' })
  })
})
