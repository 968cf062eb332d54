/** Decodes the JSON report that `oakum history --shard i/n` writes. */
import { reportedPath } from '../../model/json.ts'
import { MAX_SHARDS } from '../../model/shard.ts'
import type { Finding, Skip, SkipReason, Suppressed } from '../../model/model.ts'
import type { Receipt, ShardFacts } from '../../model/outcome.ts'
import type { ConfigOrigin } from '../../model/policy.ts'
import { findingDecoder, readRule, suppressedDecoder, suppressionKind } from './read-finding.ts'
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
  /** Name of the file, for messages. */
  readonly name: string
  readonly oakum: string
  readonly shard: ShardFacts
  readonly receipt: Receipt
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Suppressed[]
  /** Numbers of suppressions that the report only counts, by their kind. */
  readonly counts: ReadonlyMap<Suppressed['suppression']['by'], number>
}

/** Highest number of suppressions of one kind that a report may count. */
const MAX_COUNT = 10_000_000

const outcomes = ['failed', 'bounded'] as const
const skipReasons: readonly SkipReason[] = [
  'missing',
  'corrupt',
  'unreadable',
  'git-failed',
  'shallow',
  'deadline',
  'interrupted',
  'unreported',
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

/** Throws ReportFormatError when the JSON is not the report of a shard. */
export function readShardReport(name: string, json: string): ShardReport {
  const fields = new StrictObject(parseJson(json), '', [
    'oakum',
    'schema',
    'findings',
    'suppressed',
    'receipt',
    'shard',
  ])
  if (fields.read('schema', integer(0)) !== 1) throw new ReportFormatError('schema', '1')
  const { shard } = fields.optional('shard', (value) => value)
  if (shard === undefined)
    throw new ReportFormatError(
      'shard',
      'the report of a shard, as oakum history --shard i/n --format json writes it',
    )
  return {
    name,
    oakum: fields.read('oakum', string),
    receipt: fields.read('receipt', readReceipt),
    ...readShard(shard, 'shard'),
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new ReportFormatError('the file', 'JSON')
  }
}

function readShard(
  value: unknown,
  jsonPath: string,
): Omit<ShardReport, 'name' | 'oakum' | 'receipt'> {
  const fields = new StrictObject(value, jsonPath, [
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
  const readFinding = findingDecoder(new Map(rules.map((rule) => [rule.id, rule])))
  const suppressed = new StrictObject(
    fields.read('suppressed', (each) => each),
    `${jsonPath}.suppressed`,
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
    findings: fields.read('findings', listOf(readFinding)),
    suppressed: suppressed.read('items', listOf(suppressedDecoder(readFinding))),
    counts: suppressed.read('counts', readCounts),
  }
}

const readCounts: Decode<ShardReport['counts']> = (value, jsonPath) => {
  if (typeof value !== 'object' || value === null)
    throw new ReportFormatError(jsonPath, 'an object')
  return new Map(
    Object.entries(value).map(([kind, count]: readonly [string, unknown]) => [
      suppressionKind(kind, jsonPath),
      integer(0, MAX_COUNT)(count, `${jsonPath}.${kind}`),
    ]),
  )
}

const readReceipt: Decode<Receipt> = (value, jsonPath) => {
  const fieldNames = [
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
  const fields = new StrictObject(value, jsonPath, fieldNames)
  const count = (name: string): number => fields.read(name, integer(0))
  fields.read('range', (range, where) => {
    if (range !== null) throw new ReportFormatError(where, 'null: a history has no range')
  })
  return {
    complete: fields.read('complete', boolean),
    target: fields.read('target', oneOf(['history'])),
    range: null,
    reader: fields.read('reader', nullable(string)),
    commits: count('commits'),
    trees: count('trees'),
    tags: count('tags'),
    blobs: count('blobs'),
    bytes: count('bytes'),
    skipped: fields.read('skipped', listOf(readSkip)),
    rules: fields.read('rules', readRules),
    config: fields.read('config', readConfig),
    git: fields.read('git', nullable(string)),
    durationMs: count('durationMs'),
  }
}

const readRules: Decode<Receipt['rules']> = (value, jsonPath) => {
  const fields = new StrictObject(value, jsonPath, ['count', 'digest'])
  return { count: fields.read('count', integer(0)), digest: fields.read('digest', string) }
}

const readConfig: Decode<ConfigOrigin> = (value, jsonPath) => {
  const fields = new StrictObject(value, jsonPath, ['path', 'from'])
  return {
    path: fields.read('path', nullable(string)),
    from: fields.read('from', oneOf(['none', 'worktree', 'base', 'argument'])),
  }
}

const readSkip: Decode<Skip> = (value, jsonPath) => {
  const fields = new StrictObject(value, jsonPath, [
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
  return {
    outcome: fields.read('outcome', oneOf(outcomes)),
    reason: fields.read('reason', oneOf(skipReasons)),
    ...(path !== null && { path: reportedPath(path, pathBytes) }),
    ...fields.optional('member', string),
    ...(object !== null && { object }),
    ...(detail !== null && { detail }),
    ...fields.optional('count', integer(1)),
  }
}
