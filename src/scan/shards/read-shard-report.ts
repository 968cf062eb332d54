/** The JSON report of a shard → what it says. */
import { MAX_SHARDS } from '../../model/shard.ts'
import type { Finding, RepoPath, Skip, SkipReason, Suppressed } from '../../model/model.ts'
import type { Receipt, ShardFacts } from '../../model/outcome.ts'
import type { ConfigOrigin } from '../../model/policy.ts'
import { readerOfFindings, readerOfSuppressed, readRule, suppressedBy } from './read-finding.ts'
import {
  boolean,
  ReportFormatError,
  listOf,
  oneOf,
  nullable,
  type Decode,
  StrictObject,
  string,
  stringMatching,
  integer,
} from './json-decoder.ts'

export interface ShardReport {
  /** As the file is called, for messages. */
  readonly name: string
  readonly oakum: string
  readonly shard: ShardFacts
  readonly receipt: Receipt
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Suppressed[]
  /** How many more were suppressed, by what. */
  readonly counts: ReadonlyMap<Suppressed['suppression']['by'], number>
}

const MAX_COUNTED = 10_000_000

const outcomes = ['failed', 'bounded'] as const
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

/** Throws a Flaw of one line for what is no report of a shard. */
export function readShardReport(name: string, json: string): ShardReport {
  const fields = new StrictObject(parsed(json), '', [
    'oakum',
    'schema',
    'findings',
    'suppressed',
    'receipt',
    'shard',
  ])
  if (fields.read('schema', integer(0)) !== 1) throw new ReportFormatError('schema', '1')
  const part = fields.optional('shard', (value) => value).shard
  if (part === undefined)
    throw new ReportFormatError(
      'shard',
      'the report of a shard, as oakum history --shard i/n --format json writes it',
    )
  return {
    name,
    oakum: fields.read('oakum', string),
    receipt: fields.read('receipt', readReceipt),
    ...readShard(part, 'shard'),
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new ReportFormatError('the file', 'JSON')
  }
}

function readShard(value: unknown, at: string): Omit<ShardReport, 'name' | 'oakum' | 'receipt'> {
  const fields = new StrictObject(value, at, [
    'index',
    'count',
    'root',
    'sums',
    'asked',
    'rules',
    'findings',
    'suppressed',
  ])
  const count = fields.read('count', integer(1, MAX_SHARDS))
  const rules = fields.read('rules', listOf(readRule))
  const finding = readerOfFindings(new Map(rules.map((rule) => [rule.id, rule])))
  const suppressed = new StrictObject(
    fields.read('suppressed', (each) => each),
    `${at}.suppressed`,
    ['counts', 'items'],
  )
  return {
    shard: {
      index: fields.read('index', integer(1, count)),
      count,
      root: fields.read(
        'root',
        nullable(stringMatching(/^[0-9a-f]{40,64}$/, 'the name of an object')),
      ),
      sums: fields.read('sums', listOf(string)),
      asked: fields.read('asked', string),
    },
    findings: fields.read('findings', listOf(finding)),
    suppressed: suppressed.read('items', listOf(readerOfSuppressed(finding))),
    counts: suppressed.read('counts', readCounts),
  }
}

const readCounts: Decode<ShardReport['counts']> = (value, at) => {
  if (typeof value !== 'object' || value === null) throw new ReportFormatError(at, 'an object')
  return new Map(
    Object.entries(value).map(([by, count]: readonly [string, unknown]) => [
      suppressedBy(by, at),
      integer(0, MAX_COUNTED)(count, `${at}.${by}`),
    ]),
  )
}

const readReceipt: Decode<Receipt> = (value, at) => {
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
  const fields = new StrictObject(value, at, known)
  const amount = (name: string): number => fields.read(name, integer(0))
  fields.read('range', (range, where) => {
    if (range !== null) throw new ReportFormatError(where, 'null: a history has no range')
  })
  return {
    complete: fields.read('complete', boolean),
    target: fields.read('target', oneOf(['history'])),
    range: null,
    reader: fields.read('reader', nullable(string)),
    commits: amount('commits'),
    trees: amount('trees'),
    tags: amount('tags'),
    blobs: amount('blobs'),
    bytes: amount('bytes'),
    skipped: fields.read('skipped', listOf(readSkip)),
    rules: fields.read('rules', readRules),
    config: fields.read('config', readConfig),
    git: fields.read('git', nullable(string)),
    durationMs: amount('durationMs'),
  }
}

const readRules: Decode<Receipt['rules']> = (value, at) => {
  const fields = new StrictObject(value, at, ['count', 'digest'])
  return { count: fields.read('count', integer(0)), digest: fields.read('digest', string) }
}

const readConfig: Decode<ConfigOrigin> = (value, at) => {
  const fields = new StrictObject(value, at, ['path', 'from'])
  return {
    path: fields.read('path', nullable(string)),
    from: fields.read('from', oneOf(['none', 'worktree', 'base', 'argument'])),
  }
}

const readSkip: Decode<Skip> = (value, at) => {
  const fields = new StrictObject(value, at, [
    'outcome',
    'reason',
    'path',
    'pathBytes',
    'member',
    'object',
    'detail',
    'count',
  ])
  const path = fields.read('path', nullable(string))
  const object = fields.read('object', nullable(string))
  const detail = fields.read('detail', nullable(string))
  const { pathBytes } = fields.optional('pathBytes', string)
  const named: RepoPath | null =
    path === null
      ? null
      : {
          text: path,
          ...(pathBytes !== undefined && {
            bytes: Uint8Array.from(Buffer.from(pathBytes, 'base64')),
          }),
        }
  return {
    outcome: fields.read('outcome', oneOf(outcomes)),
    reason: fields.read('reason', oneOf(skipReasons)),
    ...(named && { path: named }),
    ...fields.optional('member', string),
    ...(object !== null && { object }),
    ...(detail !== null && { detail }),
    ...fields.optional('count', integer(1)),
  }
}
