/**
 * Decodes the findings of a shard's JSON report. The report holds no secrets, so those of its
 * findings are empty.
 */
import { reportedPath } from '../../model/json.ts'
import type {
  Attribution,
  Finding,
  Introduction,
  Origin,
  Place,
  RepoPath,
  Span,
  Suppressed,
} from '../../model/model.ts'
import type { FindingPart, Sighting } from '../../model/sighting.ts'
import { type Role, type Rule, severities } from '../../model/rule.ts'
import { Secret } from '../../model/secret.ts'
import {
  boolean,
  ReportFormatError,
  listOf,
  mappingOf,
  oneOf,
  nullable,
  type Decode,
  nonEmptyListOf,
  StrictObject,
  string,
  stringMatching,
  integer,
} from './json-decoder.ts'

const roles = ['id', 'secret', 'token'] as const satisfies readonly Role[]
const kinds = [
  'file',
  'index',
  'commit',
  'message',
  'stdin',
] as const satisfies readonly Origin['kind'][]
const states = ['tracked', 'staged', 'untracked', 'ignored', 'template', 'local'] as const
const reasons = [
  'entropy',
  'validator',
  'placeholder',
  'inline',
  'unchanged',
  'allowlist',
  'baseline',
  'path',
  'config',
] as const satisfies readonly Suppressed['suppression']['by'][]

const severity = oneOf(severities)
const objectName = stringMatching(/^[0-9a-f]{40,64}$/, 'the name of an object')
const fingerprint = stringMatching(/^oak1-[0-9a-f]{32}$/, 'a fingerprint')
const facts = mappingOf(string)

/** Decodes the kind of a suppression. */
export const suppressionKind = oneOf(reasons)

/** Decodes a rule with the fields that reports show; its patterns match nothing. */
export const readRule: Decode<Rule> = (value, jsonPath) => {
  const fields = new StrictObject(value, jsonPath, [
    'id',
    'family',
    'provider',
    'description',
    'severity',
    'madeBy',
    'generic',
    'roles',
    'remedy',
    'references',
  ])
  return {
    id: fields.read('id', string),
    family: fields.read('family', string),
    provider: fields.read('provider', string),
    description: fields.read('description', string),
    severity: fields.read('severity', severity),
    madeBy: fields.read('madeBy', oneOf(['machine', 'person'])),
    generic: fields.read('generic', boolean),
    parts: fields.read('roles', listOf(oneOf(roles))).map((role) => ({
      role,
      keywords: [],
      pattern: /(?!)/dg,
      window: 0,
      minEntropy: 0,
      validator: undefined,
      alone: 'never',
    })),
    remedy: fields.read('remedy', string),
    references: fields.read('references', listOf(string)),
  }
}

/** Returns a decoder of findings, given the rules of their report by id. */
export function findingDecoder(rules: ReadonlyMap<string, Rule>): Decode<Finding> {
  const readRuleId: Decode<Rule> = (value, jsonPath) => {
    const rule = rules.get(string(value, jsonPath))
    if (rule === undefined) throw new ReportFormatError(jsonPath, 'a rule of the report')
    return rule
  }
  return (value, jsonPath) => {
    const fields = new StrictObject(value, jsonPath, [
      'fingerprint',
      'rich',
      'worst',
      'spent',
      'facts',
      'places',
      'attribution',
      'lapsed',
      'otherIds',
    ])
    const rich = fields.read('rich', readSighting(readRuleId))
    const worst = fields.read('worst', nullable(readSighting(readRuleId)))
    const spent = fields.read('spent', nullable(boolean))
    const attribution = fields.read('attribution', nullable(readAttribution))
    const lapsed = fields.read('lapsed', nullable(string))
    const allFacts = fields.read('facts', facts)
    return {
      ...rich,
      fingerprint: fields.read('fingerprint', fingerprint),
      ...(spent !== null && { sightings: { rich, worst: worst ?? rich, spent, facts: allFacts } }),
      places: fields.read('places', nonEmptyListOf(readPlace)),
      ...(attribution && { attribution }),
      verification: { status: 'not-tried' },
      ...(lapsed !== null && { lapsed }),
      ...fields.optional('otherIds', listOf(readPart)),
    }
  }
}

/** Returns a decoder of suppressions, given the decoder of findings of their report. */
export function suppressedDecoder(readFinding: Decode<Finding>): Decode<Suppressed> {
  return (value, jsonPath) => {
    const fields = new StrictObject(value, jsonPath, [
      'rule',
      'by',
      'reason',
      'redacted',
      'place',
      'finding',
    ])
    const finding = fields.read('finding', nullable(readFinding))
    return {
      rule: fields.read('rule', string),
      suppression: {
        by: fields.read('by', suppressionKind),
        reason: fields.read('reason', string),
      },
      redacted: fields.read('redacted', string),
      place: fields.read('place', readPlace),
      ...(finding && { finding }),
    }
  }
}

function readSighting(readRuleId: Decode<Rule>): Decode<Sighting> {
  return (value, jsonPath) => {
    const fields = new StrictObject(value, jsonPath, [
      'rule',
      'severity',
      'parts',
      'facts',
      'explanation',
    ])
    return {
      rule: fields.read('rule', readRuleId),
      severity: fields.read('severity', severity),
      parts: fields.read('parts', nonEmptyListOf(readPart)),
      facts: fields.read('facts', facts),
      explanation: fields.read('explanation', listOf(string)),
    }
  }
}

const readPart: Decode<FindingPart> = (value, jsonPath) => {
  const fields = new StrictObject(value, jsonPath, ['role', 'redacted', 'fingerprint', 'isSigned'])
  return {
    role: fields.read('role', oneOf(roles)),
    secret: new Secret(''),
    redacted: fields.read('redacted', string),
    ...fields.optional('fingerprint', fingerprint),
    ...(fields.optional('isSigned', boolean).isSigned === true && { isSigned: true }),
  }
}

const readPlace: Decode<Place> = (value, jsonPath) => {
  const fields = new StrictObject(value, jsonPath, [
    'kind',
    'role',
    'path',
    'pathBytes',
    'object',
    'commit',
    'member',
    'inName',
    'state',
    'time',
    'span',
  ])
  const origin: Origin = {
    kind: fields.read('kind', oneOf(kinds)),
    ...readPath(fields),
    ...fields.optional('object', objectName),
    ...fields.optional('commit', objectName),
    ...fields.optional('member', string),
    ...(fields.optional('inName', boolean).inName === true && { inName: true }),
    ...fields.optional('state', oneOf(states)),
  }
  return {
    origin,
    role: fields.read('role', oneOf(roles)),
    span: fields.read('span', readSpan),
    ...fields.optional('time', integer(Number.MIN_SAFE_INTEGER)),
  }
}

/** Decodes `[start, end, line, column, endLine, endColumn]`. */
const readSpan: Decode<Span> = (value, jsonPath) => {
  const [start = 0, end = 0, line = 1, column = 1, endLine = 1, endColumn = 1, ...more] = listOf(
    integer(0),
  )(value, jsonPath)
  if (more.length > 0) throw new ReportFormatError(jsonPath, 'six numbers')
  return { start, end, line, column, endLine, endColumn }
}

/** Decodes `path`, with `pathBytes` for a path that is not UTF-8. */
function readPath(fields: StrictObject): { readonly path?: RepoPath } {
  const { path: text } = fields.optional('path', string)
  const { pathBytes } = fields.optional('pathBytes', stringMatching(/^[\w+/]*={0,2}$/, 'base64'))
  return text === undefined ? {} : { path: reportedPath(text, pathBytes) }
}

const readIntroduction: Decode<Introduction> = (value, jsonPath) => {
  const fields = new StrictObject(value, jsonPath, [
    'commit',
    'author',
    'date',
    'path',
    'pathBytes',
  ])
  return {
    commit: fields.read('commit', objectName),
    author: fields.read('author', string),
    date: fields.read('date', string),
    ...readPath(fields),
  }
}

const readAttribution: Decode<Attribution> = (value, jsonPath) => {
  const fields = new StrictObject(value, jsonPath, [
    'first',
    'last',
    'removed',
    'inHead',
    'inHeadHistory',
    'refs',
    'exposure',
    'hasMorePaths',
  ])
  return {
    first: fields.read('first', nullable(readIntroduction)),
    last: fields.read('last', nullable(readIntroduction)),
    ...fields.optional('removed', readIntroduction),
    inHead: fields.read('inHead', boolean),
    ...fields.optional('inHeadHistory', boolean),
    refs: fields.read('refs', listOf(string)),
    exposure: fields.read('exposure', oneOf(['published', 'pending', 'local'])),
    ...(fields.optional('hasMorePaths', boolean).hasMorePaths === true && { hasMorePaths: true }),
  }
}
