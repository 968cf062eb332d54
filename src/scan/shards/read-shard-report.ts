/** Reads the JSON report of a shard, strictly: every field must be known and valid. */
import { MAX_SHARDS } from '../../model/shard.ts'
import { reportedPath } from '../../model/json.ts'
import type { Finding, Skip, SkipReason, Suppressed } from '../../model/model.ts'
import type { Receipt, ShardFacts } from '../../model/outcome.ts'
import type { ConfigOrigin } from '../../model/policy.ts'
import { readerOfFindings, readerOfSuppressed, readRule, suppressedBy } from './read-finding.ts'
import {
  flag,
  Flaw,
  listOf,
  oneOf,
  orNull,
  type Read,
  Strict,
  text,
  textLike,
  whole,
} from './strict.ts'

export interface ShardReport {
  /** The name of the file, for messages. */
  readonly name: string
  readonly oakum: string
  readonly shard: ShardFacts
  readonly receipt: Receipt
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Suppressed[]
  /** The number of suppressed candidates that the report does not list, by reason. */
  readonly counts: ReadonlyMap<Suppressed['suppression']['by'], number>
}

const MAX_SUPPRESSED = 10_000_000

const skipOutcomes = ['failed', 'bounded'] as const
const skipReasons: readonly SkipReason[] = [
  'missing',
  'corrupt',
  'unreadable',
  'git-failed',
  'shallow',
  'deadline',
  'interrupted',
  'too-large',
  'submodule',
  'sparse',
  'unmerged',
  'special-file',
  'lfs',
  'archive-size',
  'archive-ratio',
  'archive-members',
  'archive-depth',
  'archive-encrypted',
  'archive-corrupt',
  'archive-format',
]

/** Parses the report of a shard. Throws a Flaw with a one-line message if it is invalid. */
export function readShardReport(name: string, json: string): ShardReport {
  const fields = new Strict(parseJson(json), '', [
    'oakum',
    'schema',
    'findings',
    'suppressed',
    'receipt',
    'shard',
  ])
  if (fields.read('schema', whole(0)) !== 1) throw new Flaw('schema', '1')
  const shard = fields.maybe('shard', (value) => value).shard
  if (shard === undefined)
    throw new Flaw(
      'shard',
      'the report of a shard, as oakum history --shard i/n --format json writes it',
    )
  return {
    name,
    oakum: fields.read('oakum', text),
    receipt: fields.read('receipt', readReceipt),
    ...readShard(shard, 'shard'),
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new Flaw('the file', 'JSON')
  }
}

function readShard(value: unknown, at: string): Omit<ShardReport, 'name' | 'oakum' | 'receipt'> {
  const fields = new Strict(value, at, [
    'index',
    'count',
    'root',
    'sums',
    'asked',
    'rules',
    'findings',
    'suppressed',
  ])
  const count = fields.read('count', whole(1, MAX_SHARDS))
  const rules = fields.read('rules', listOf(readRule))
  const finding = readerOfFindings(new Map(rules.map((rule) => [rule.id, rule])))
  const suppressed = new Strict(
    fields.read('suppressed', (each) => each),
    `${at}.suppressed`,
    ['counts', 'items'],
  )
  return {
    shard: {
      index: fields.read('index', whole(1, count)),
      count,
      root: fields.read('root', orNull(textLike(/^[0-9a-f]{40,64}$/, 'the name of an object'))),
      sums: fields.read('sums', listOf(text)),
      asked: fields.read('asked', text),
    },
    findings: fields.read('findings', listOf(finding)),
    suppressed: suppressed.read('items', listOf(readerOfSuppressed(finding))),
    counts: suppressed.read('counts', readCounts),
  }
}

const readCounts: Read<ShardReport['counts']> = (value, at) => {
  if (typeof value !== 'object' || value === null) throw new Flaw(at, 'an object')
  return new Map(
    Object.entries(value).map(([by, count]: readonly [string, unknown]) => [
      suppressedBy(by, at),
      whole(0, MAX_SUPPRESSED)(count, `${at}.${by}`),
    ]),
  )
}

const readReceipt: Read<Receipt> = (value, at) => {
  const known = [
    'complete',
    'target',
    'range',
    'reader',
    'commits',
    'trees',
    'tags',
    'blobs',
    'bytes',
    'skipped',
    'rules',
    'config',
    'git',
    'durationMs',
    'shard',
  ]
  const fields = new Strict(value, at, known)
  const amount = (name: string): number => fields.read(name, whole(0))
  fields.read('range', (range, where) => {
    if (range !== null) throw new Flaw(where, 'null: a history has no range')
  })
  return {
    complete: fields.read('complete', flag),
    target: fields.read('target', oneOf(['history'])),
    range: null,
    reader: fields.read('reader', orNull(text)),
    commits: amount('commits'),
    trees: amount('trees'),
    tags: amount('tags'),
    blobs: amount('blobs'),
    bytes: amount('bytes'),
    skipped: fields.read('skipped', listOf(readSkip)),
    rules: fields.read('rules', readRules),
    config: fields.read('config', readConfig),
    git: fields.read('git', orNull(text)),
    durationMs: amount('durationMs'),
  }
}

const readRules: Read<Receipt['rules']> = (value, at) => {
  const fields = new Strict(value, at, ['count', 'digest'])
  return { count: fields.read('count', whole(0)), digest: fields.read('digest', text) }
}

const readConfig: Read<ConfigOrigin> = (value, at) => {
  const fields = new Strict(value, at, ['path', 'from'])
  return {
    path: fields.read('path', orNull(text)),
    from: fields.read('from', oneOf(['none', 'worktree', 'base', 'argument'])),
  }
}

const readSkip: Read<Skip> = (value, at) => {
  const fields = new Strict(value, at, [
    'outcome',
    'reason',
    'path',
    'pathBytes',
    'member',
    'object',
    'detail',
    'count',
  ])
  const path = fields.read('path', orNull(text))
  const object = fields.read('object', orNull(text))
  const detail = fields.read('detail', orNull(text))
  const { pathBytes } = fields.maybe('pathBytes', text)
  return {
    outcome: fields.read('outcome', oneOf(skipOutcomes)),
    reason: fields.read('reason', oneOf(skipReasons)),
    ...(path !== null && { path: reportedPath(path, pathBytes) }),
    ...fields.maybe('member', text),
    ...(object !== null && { object }),
    ...(detail !== null && { detail }),
    ...fields.maybe('count', whole(1)),
  }
}
