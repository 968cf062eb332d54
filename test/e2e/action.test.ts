import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Command, runComposite, type StepResult } from '../support/composite.ts'
import { awsPair, type Pair } from '../support/credentials.ts'
import { checkoutOf, payloadOf } from '../support/events.ts'
import { Repo, temporaryFolder } from '../support/repo.ts'

const zeros = '0'.repeat(40)
const ini = ({ id, secret }: Pair, more = ''): string =>
  `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}${more}\n`

/** A repository on a host, with a key in the past of its default branch that everybody knows of. */
function upstream(): { readonly origin: Repo; readonly base: string } {
  const origin = new Repo(join(temporaryFolder(), 'origin'))
  cpSync(start.path, origin.path, { recursive: true })
  return { origin, base: origin.git('rev-parse', 'HEAD') }
}

const old = awsPair(901)
const start = Repo.create()
start.commit('the first', { 'old.ini': ini(old), 'a.txt': 'a\n' })
for (let at = 0; at < 6; at += 1) start.commit(`more ${at}`, { 'a.txt': `a${at}\n` })

const depths = [
  ['full', 0],
  ['shallow', 1],
] as const

interface Report {
  readonly findings: readonly {
    readonly parts: readonly { readonly redacted: string }[]
    readonly proposed?: { readonly by: string }
  }[]
  readonly receipt: { readonly complete: boolean; readonly config: { readonly from: string } }
}

const reportOf = ({ outputs }: StepResult): Report =>
  JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as Report
const ends = ({ id }: Pair): string => id.slice(-4)
const found = (result: StepResult): readonly string[] =>
  reportOf(result)
    .findings.flatMap(({ parts }) =>
      parts.flatMap(({ redacted }) => (redacted.startsWith('AKIA') ? redacted.slice(-4) : [])),
    )
    .toSorted()
const errors = (result: StepResult): readonly Command[] =>
  result.commands.filter(({ name }) => name === 'error')

/** Keys that a text shows the ends of. */
function endsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/AKIA…(\w{4})/g)].map((match) => match[1] ?? ''))].toSorted()
}

/** What a step says of keys, everywhere that it says something: by their last characters. */
function told(result: StepResult): object {
  const { report: _, sarif: __, ...outputs } = result.outputs
  return {
    code: result.code,
    found: found(result),
    annotated: errors(result)
      .flatMap(({ message }) => endsIn(message))
      .toSorted(),
    summary: endsIn(result.summary),
    outputs,
    isBug: result.log.includes('this is a bug'),
  }
}

/** The step failed for these keys and no others. */
function toldOf(...pairs: readonly Pair[]): object {
  const keys = pairs.map(ends).toSorted()
  const isClean = keys.length === 0
  return {
    code: isClean ? 0 : 1,
    found: keys,
    annotated: keys,
    summary: keys,
    outputs: {
      findings: String(keys.length),
      'highest-severity': isClean ? '' : 'high',
      complete: 'true',
    },
    isBug: false,
  }
}

describe.each(depths)('on a push, in a clone that is %s,', (_, depth) => {
  test('the commits since the one before are scanned, and nothing older', () => {
    const { origin, base } = upstream()
    const [fresh, gone] = [awsPair(910), awsPair(911)]
    origin.commit('brings one', { 'new.ini': ini(fresh) })
    origin.commit('and another', { 'b.ini': ini(gone) })
    const after = origin.commit('which is taken out again', { 'b.ini': '\n' })
    const payload = payloadOf('push', {
      ref: 'refs/heads/main',
      before: base,
      after,
      created: false,
      deleted: false,
      forced: false,
      repository: { default_branch: 'main' },
    })
    const workspace = checkoutOf(origin, {
      commit: after,
      ref: 'refs/remotes/origin/main',
      depth,
    }).path
    expect(told(runComposite({ event: 'push', payload, workspace }))).toEqual(toldOf(fresh, gone))
  })

  test('of a new branch what the default branch has not is scanned', () => {
    const { origin } = upstream()
    const fresh = awsPair(912)
    origin.git('checkout', '-q', '-b', 'topic/a,b', 'HEAD~2')
    origin.commit('brings one', { 'new.ini': ini(fresh) })
    const after = origin.commit('more', { 'c.txt': 'c\n' })
    const payload = payloadOf(
      'push',
      {
        ref: 'refs/heads/topic/a,b',
        before: zeros,
        after,
        created: true,
        deleted: false,
        forced: false,
        repository: { default_branch: 'main' },
      },
      ({ created }) => created === true,
    )
    expect(
      told(
        runComposite({
          event: 'push',
          payload,
          workspace: checkoutOf(origin, {
            commit: after,
            ref: 'refs/remotes/origin/topic/a,b',
            depth,
          }).path,
        }),
      ),
    ).toEqual(toldOf(fresh))
  })

  test('of a new default branch all is scanned', () => {
    const { origin, base } = upstream()
    const payload = payloadOf(
      'push',
      {
        ref: 'refs/heads/main',
        before: zeros,
        after: base,
        created: true,
        deleted: false,
        forced: false,
        repository: { default_branch: 'main' },
      },
      ({ created }) => created === true,
    )
    expect(
      told(
        runComposite({
          event: 'push',
          payload,
          workspace: checkoutOf(origin, { commit: base, ref: 'refs/remotes/origin/main', depth })
            .path,
        }),
      ),
    ).toEqual(toldOf(old))
  })

  test('of a branch that was pushed by force what is new is scanned, though the commit before is on no branch', () => {
    const { origin, base } = upstream()
    const [before, after] = [awsPair(913), awsPair(914)]
    origin.git('checkout', '-q', '-b', 'topic')
    const lost = origin.commit('was there', { 'x.ini': ini(before) })
    origin.git('reset', '-q', '--hard', base)
    origin.commit('is there now', { 'y.ini': ini(after) })
    const head = origin.commit('more', { 'y.txt': 'y\n' })
    const payload = payloadOf('push', {
      ref: 'refs/heads/topic',
      before: lost,
      after: head,
      created: false,
      deleted: false,
      forced: true,
      repository: { default_branch: 'main' },
    })
    expect(
      told(
        runComposite({
          event: 'push',
          payload,
          workspace: checkoutOf(origin, { commit: head, ref: 'refs/remotes/origin/topic', depth })
            .path,
        }),
      ),
    ).toEqual(toldOf(after))
  })

  test('of a branch whose commit before is nowhere any more all that the default branch has not is scanned', () => {
    const { origin } = upstream()
    const fresh = awsPair(915)
    origin.git('checkout', '-q', '-b', 'topic')
    const head = origin.commit('is there now', { 'y.ini': ini(fresh) })
    const payload = payloadOf('push', {
      ref: 'refs/heads/topic',
      before: '5'.repeat(40),
      after: head,
      created: false,
      deleted: false,
      forced: true,
      repository: { default_branch: 'main' },
    })
    expect(
      told(
        runComposite({
          event: 'push',
          payload,
          workspace: checkoutOf(origin, { commit: head, ref: 'refs/remotes/origin/topic', depth })
            .path,
        }),
      ),
    ).toEqual(toldOf(fresh))
  })

  test('of a tag its message and the commits that are on no branch are scanned', () => {
    const { origin, base } = upstream()
    const [fresh, said] = [awsPair(916), awsPair(917)]
    origin.git('checkout', '-q', '--detach')
    origin.commit('off all branches', { 'tagged.ini': ini(fresh) })
    origin.git('tag', '-a', 'v1', '-m', ini(said))
    const after = origin.git('rev-parse', 'refs/tags/v1')
    origin.git('checkout', '-q', '-B', 'main', base)
    const payload = payloadOf(
      'push',
      {
        ref: 'refs/tags/v1',
        before: zeros,
        after,
        created: true,
        deleted: false,
        forced: false,
        repository: { default_branch: 'main' },
      },
      ({ created }) => created === true,
    )
    expect(
      told(
        runComposite({
          event: 'push',
          payload,
          workspace: checkoutOf(origin, { commit: after, ref: 'refs/tags/v1', depth }).path,
        }),
      ),
    ).toEqual(toldOf(fresh, said))
  })

  test('of a branch that was deleted there is nothing to scan', () => {
    const { origin, base } = upstream()
    const payload = payloadOf(
      'push',
      {
        ref: 'refs/heads/topic',
        before: base,
        after: zeros,
        created: false,
        deleted: true,
        forced: false,
      },
      ({ deleted }) => deleted === true,
    )
    const result = runComposite({
      event: 'push',
      payload,
      workspace: checkoutOf(origin, { commit: base, ref: 'refs/remotes/origin/main', depth }).path,
    })
    expect([result.code, result.outputs['findings'], result.outputs['complete']]).toEqual([
      0,
      '0',
      'true',
    ])
    expect(result.log).toContain('deleted')
  })
})

/**
 * A branch of 40 commits: a key in the 31st that the next one takes out, and one that only the
 * second parent of a merge has.
 */
function proposal(): {
  readonly origin: Repo
  readonly base: string
  readonly head: string
  readonly merge: string
  readonly pairs: readonly Pair[]
} {
  const { origin, base } = upstream()
  const pairs = [awsPair(920), awsPair(921)]
  origin.git('checkout', '-q', '-b', 'topic', 'HEAD~3')
  for (let at = 1; at <= 30; at += 1) origin.commit(`commit ${at}`, { 'work.txt': `${at}\n` })
  origin.commit('commit 31', { 'work.txt': '31\n', 'hidden.ini': ini(pairs[0] ?? old) })
  origin.git('rm', '-q', 'hidden.ini')
  origin.commit('commit 32')
  origin.git('checkout', '-q', '-b', 'side')
  origin.commit('by the side', { 'side.ini': ini(pairs[1] ?? old) })
  origin.git('rm', '-q', 'side.ini')
  origin.commit('and gone')
  origin.git('checkout', '-q', 'topic')
  origin.commit('on', { 'on.txt': '1\n' })
  origin.merge('side')
  const head = origin.commitStaged('a merge')
  origin.git('checkout', '-q', 'main')
  origin.git('checkout', '-q', '--detach')
  origin.merge('topic')
  const merge = origin.commitStaged('Merge topic into main')
  origin.git('update-ref', 'refs/pull/7/merge', merge)
  origin.git('update-ref', 'refs/pull/7/head', head)
  origin.git('checkout', '-q', 'main')
  origin.git('branch', '-q', '-D', 'topic', 'side')
  return { origin, base, head, merge, pairs }
}

const proposed = proposal()

describe.each(depths)('on a pull request, in a clone that is %s,', (_, depth) => {
  test('every commit of it is scanned, by whatever parent, and nothing of the base', () => {
    const { origin, base, head, merge, pairs } = proposed
    const payload = payloadOf(
      'pull_request',
      { pull_request: { head: { sha: head }, base: { sha: base, ref: 'main' }, commits: 37 } },
      ({ action }) => action === 'opened',
    )
    expect(
      told(
        runComposite({
          event: 'pull_request',
          payload,
          workspace: checkoutOf(origin, { commit: merge, ref: 'refs/remotes/pull/7/merge', depth })
            .path,
        }),
      ),
    ).toEqual(toldOf(...pairs))
  })

  test('pull_request_target never checks out what it scans', () => {
    const { origin, base, head, pairs } = proposed
    const payload = payloadOf(
      'pull_request',
      { pull_request: { head: { sha: head }, base: { sha: base, ref: 'main' }, commits: 37 } },
      ({ action }) => action === 'opened',
    )
    const clone = checkoutOf(origin, { commit: base, ref: 'refs/remotes/origin/main', depth })
    const refs = clone.git('for-each-ref')
    expect(
      told(runComposite({ event: 'pull_request_target', payload, workspace: clone.path })),
    ).toEqual(toldOf(...pairs))
    expect(clone.git('rev-parse', 'HEAD')).toBe(base)
    expect([clone.git('status', '--porcelain'), clone.git('for-each-ref')]).toEqual(['', refs])
  })

  test('a merge group is scanned from its base to its head', () => {
    const { origin, base, merge, pairs } = proposed
    const payload = payloadOf('merge_group', {
      merge_group: {
        head_sha: merge,
        base_sha: base,
        head_ref: 'refs/heads/gh-readonly-queue/main/pr-7',
        base_ref: 'refs/heads/main',
      },
    })
    expect(
      told(
        runComposite({
          event: 'merge_group',
          payload,
          workspace: checkoutOf(origin, {
            commit: merge,
            ref: 'refs/remotes/origin/gh-readonly-queue/main/pr-7',
            depth,
          }).path,
        }),
      ),
    ).toEqual(toldOf(...pairs))
  })
})

describe('by hand and on a schedule', () => {
  test.each([
    ['workflow_dispatch', 0],
    ['workflow_dispatch', 1],
    ['schedule', 0],
    ['schedule', 1],
  ] as const)('%s, in a clone of depth %i: the whole history is scanned', (event, depth) => {
    const { origin, base } = upstream()
    const payload =
      event === 'schedule'
        ? { schedule: '0 3 * * *' }
        : payloadOf('workflow_dispatch', { ref: 'refs/heads/main' })
    expect(
      told(
        runComposite({
          event,
          payload,
          workspace: checkoutOf(origin, { commit: base, ref: 'refs/remotes/origin/main', depth })
            .path,
        }),
      ),
    ).toEqual(toldOf(old))
  })

  test('the tree is scanned if that is asked for, whatever happened', () => {
    const { origin, base } = upstream()
    const result = runComposite({
      event: 'release',
      payload: { action: 'published' },
      inputs: { scan: 'tree', 'fail-on': 'critical' },
      workspace: checkoutOf(origin, { commit: base, ref: 'refs/remotes/origin/main', depth: 1 })
        .path,
    })
    expect([result.code, found(result)]).toEqual([0, [ends(old)]])
  })

  test('an event without a range is an error, and not clean', () => {
    const { origin, base } = upstream()
    const result = runComposite({
      event: 'release',
      payload: {},
      workspace: checkoutOf(origin, { commit: base, ref: 'refs/remotes/origin/main', depth: 1 })
        .path,
    })
    expect([result.code, result.outputs['complete']]).toEqual([2, 'false'])
    expect(errors(result)[0]?.message).toContain('set scan to history or tree')
  })
})

/** A change that brings three keys, and all that would have them overlooked. */
function selfServing(): {
  readonly origin: Repo
  readonly base: string
  readonly head: string
  readonly pairs: readonly Pair[]
  readonly kept: Pair
} {
  const origin = Repo.create()
  const [kept, ...pairs] = [awsPair(930), awsPair(931), awsPair(932)]
  const base = origin.commit('the first', {
    'kept.ini': ini(kept ?? old, '  # oakum:allow the key of the test account'),
  })
  origin.git('checkout', '-q', '-b', 'topic')
  origin.commit('moves nothing', {
    'kept.ini': `\n${ini(kept ?? old, '  # oakum:allow the key of the test account')}`,
  })
  origin.commit('brings a key and a marker', {
    'marked.ini': ini(pairs[0] ?? old, '  # oakum:allow trust me'),
  })
  const head = origin.commit('brings a key and configuration', {
    'b/key.ini': ini(pairs[1] ?? old),
    'oakum.yaml': 'version: 1\nallow:\n  paths:\n    - glob: b/**\n      reason: trust me\n',
  })
  origin.git('checkout', '-q', 'main')
  return { origin, base, head, pairs, kept: kept ?? old }
}

const payloadFor = ({ base, head }: { readonly base: string; readonly head: string }): object =>
  payloadOf(
    'pull_request',
    { pull_request: { head: { sha: head }, base: { sha: base, ref: 'main' }, commits: 3 } },
    ({ action }) => action === 'opened',
  )

describe('what a change says of itself', () => {
  test('does not count, and is listed', () => {
    const change = selfServing()
    const result = runComposite({
      event: 'pull_request_target',
      payload: payloadFor(change),
      workspace: checkoutOf(change.origin, {
        commit: change.base,
        ref: 'refs/remotes/origin/main',
        depth: 0,
      }).path,
    })
    expect(told(result)).toEqual(toldOf(...change.pairs))
    expect(
      reportOf(result)
        .findings.map((finding) => finding.proposed?.by)
        .toSorted(),
    ).toEqual(['inline', 'path'])
    expect(result.summary).toContain('### This change would suppress 2 findings')
    expect(result.summary).toContain('trust me')
  })

  test('counts with allow-from: head', () => {
    const change = selfServing()
    const result = runComposite({
      event: 'pull_request',
      payload: payloadFor(change),
      inputs: { 'allow-from': 'head' },
      workspace: checkoutOf(change.origin, {
        commit: change.base,
        ref: 'refs/remotes/origin/main',
        depth: 0,
      }).path,
    })
    expect(told(result)).toEqual(toldOf())
    expect(result.summary).not.toContain('would suppress')
  })

  test('is told when it cannot be read, and the scan goes on', () => {
    const change = selfServing()
    change.origin.git('checkout', '-q', change.head)
    const head = change.origin.commit('breaks it', { 'oakum.yaml': 'allow: [\n' })
    const result = runComposite({
      event: 'pull_request',
      payload: payloadFor({ base: change.base, head }),
      workspace: checkoutOf(change.origin, {
        commit: head,
        ref: 'refs/remotes/pull/7/merge',
        depth: 0,
      }).path,
    })
    expect(told(result)).toEqual(toldOf(...change.pairs))
    expect(result.summary).toContain('cannot be read')
  })
})

describe('what cannot be resolved', () => {
  test('is not clean, and the one line that fixes it is said', () => {
    const { origin, base, head, merge } = proposed
    const clone = checkoutOf(origin, { commit: merge, ref: 'refs/remotes/pull/7/merge', depth: 1 })
    clone.git('remote', 'set-url', 'origin', `file://${origin.path}-is-gone`)
    const payload = payloadOf('pull_request', {
      pull_request: { head: { sha: head }, base: { sha: base, ref: 'main' }, commits: 37 },
    })
    const result = runComposite({ event: 'pull_request', payload, workspace: clone.path })
    expect([result.code, result.outputs['complete'], result.outputs['report']]).toEqual([
      3,
      'false',
      '',
    ])
    expect(errors(result).map(({ message }) => message)).toEqual([
      expect.stringContaining('set fetch-depth: 0 for actions/checkout'),
    ])
  })

  test.each([
    [
      'no head',
      { pull_request: { head: { sha: 'main' } } },
      'the event has no commit id at pull_request.head.sha',
    ],
    [
      'an option for a name',
      { pull_request: { head: { sha: '--upload-pack=touch /tmp/x' } } },
      'the event has no commit id',
    ],
  ])('is an error for a payload with %s', (_, changes, words) => {
    const { origin, base } = upstream()
    const result = runComposite({
      event: 'pull_request',
      payload: payloadOf('pull_request', changes),
      workspace: checkoutOf(origin, { commit: base, ref: 'refs/remotes/origin/main', depth: 1 })
        .path,
    })
    expect(result.code).toBe(2)
    expect(errors(result)[0]?.message).toContain(words)
  })
})

describe('hostile names', () => {
  const hostile =
    '::error file=x::pwned\n::set-env name=A::b\n\u001b[31m${{ github.token }}</script>=cmd()'

  test('do nothing: commands, summary and outputs stay what they are', () => {
    const { origin, base } = upstream()
    const fresh = awsPair(940)
    origin.git('checkout', '-q', '-b', 'x;$(touch${IFS}pwned)`touch`')
    origin.write('::error::a%0Ab\n::warning::c.ini', ini(fresh))
    const after = origin.commit(hostile)
    const payload = payloadOf('push', {
      ref: 'refs/heads/x;$(touch${IFS}pwned)`touch`',
      before: base,
      after,
      created: false,
      deleted: false,
      forced: false,
      repository: { default_branch: '--upload-pack=touch pwned' },
    })
    const workspace = checkoutOf(origin, {
      commit: after,
      ref: 'refs/remotes/origin/x',
      depth: 0,
    }).path
    const result = runComposite({
      event: 'push',
      payload,
      workspace,
      inputs: { sarif: 'out/../oakum.sarif' },
    })
    expect(told(result)).toEqual(toldOf(fresh))
    expect(
      result.commands.filter(({ name }) => !['error', 'notice', 'warning'].includes(name)),
    ).toEqual([])
    expect(result.commands).toHaveLength(1)
    expect(existsSync(join(workspace, 'pwned'))).toBe(false)
    expect(Object.keys(result.outputs).toSorted()).toEqual([
      'complete',
      'findings',
      'highest-severity',
      'report',
      'sarif',
    ])
    expect(JSON.parse(readFileSync(result.outputs['sarif'] ?? '', 'utf8'))).toMatchObject({
      version: '2.1.0',
    })
    expect(result.summary.includes('\u001b') || /^::/m.test(result.summary)).toBe(false)
  })

  test('inputs are values, whatever stands in them', () => {
    const { origin, base } = upstream()
    const workspace = checkoutOf(origin, {
      commit: base,
      ref: 'refs/remotes/origin/main',
      depth: 0,
    }).path
    const result = runComposite({
      event: 'schedule',
      payload: {},
      workspace,
      inputs: { 'fail-on': '"; touch pwned; echo "\n::set-env name=A::b' },
    })
    expect([result.code, existsSync(join(workspace, 'pwned'))]).toEqual([2, false])
    expect(result.commands.map(({ name }) => name)).toEqual(['error'])
  })
})

test('without a Node that is new enough one is set up', () => {
  const { origin, base } = upstream()
  const workspace = checkoutOf(origin, {
    commit: base,
    ref: 'refs/remotes/origin/main',
    depth: 0,
  }).path
  const tools = Repo.create().path
  writeFileSync(join(tools, 'node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const result = runComposite({
    event: 'schedule',
    payload: {},
    workspace,
    env: { PATH: `${tools}:${process.env['PATH'] ?? ''}` },
  })
  expect(result.used).toEqual([expect.stringMatching(/^actions\/setup-node@[0-9a-f]{40}$/)])
})
