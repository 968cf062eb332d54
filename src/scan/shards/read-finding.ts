/** Findings as the JSON report of a shard has them. Their secrets stayed where they were found. */
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

/** By what candidates are ruled out. */
export const suppressedBy = oneOf(reasons)

/** A rule that reports need to know, and that finds nothing. */
export const readRule: Decode<Rule> = (value, at) => {
  const fields = new StrictObject(value, at, [
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

/** Findings, given the rules of their report by id. */
export function readerOfFindings(rules: ReadonlyMap<string, Rule>): Decode<Finding> {
  const rule: Decode<Rule> = (value, at) => {
    const known = rules.get(string(value, at))
    if (known === undefined) throw new ReportFormatError(at, 'a rule of the report')
    return known
  }
  return (value, at) => {
    const fields = new StrictObject(value, at, [
      'fingerprint',
      'rich',
      'worst',
      'spent',
      'facts',
      'places',
      'attribution',
      'lapsed',
    ])
    const rich = fields.read('rich', readSighting(rule))
    const worst = fields.read('worst', nullable(readSighting(rule)))
    const spent = fields.read('spent', nullable(boolean))
    const attribution = fields.read('attribution', nullable(readAttribution))
    const lapsed = fields.read('lapsed', nullable(string))
    const all = fields.read('facts', facts)
    return {
      ...rich,
      fingerprint: fields.read('fingerprint', fingerprint),
      ...(spent !== null && { sightings: { rich, worst: worst ?? rich, spent, facts: all } }),
      places: fields.read('places', nonEmptyListOf(readPlace)),
      ...(attribution && { attribution }),
      verification: { status: 'not-tried' },
      ...(lapsed !== null && { lapsed }),
    }
  }
}

/** What was suppressed, given the reader of findings of its report. */
export function readerOfSuppressed(finding: Decode<Finding>): Decode<Suppressed> {
  return (value, at) => {
    const fields = new StrictObject(value, at, [
      'rule',
      'by',
      'reason',
      'redacted',
      'place',
      'finding',
    ])
    const found = fields.read('finding', nullable(finding))
    return {
      rule: fields.read('rule', string),
      suppression: { by: fields.read('by', suppressedBy), reason: fields.read('reason', string) },
      redacted: fields.read('redacted', string),
      place: fields.read('place', readPlace),
      ...(found && { finding: found }),
    }
  }
}

function readSighting(rule: Decode<Rule>): Decode<Sighting> {
  return (value, at) => {
    const fields = new StrictObject(value, at, [
      'rule',
      'severity',
      'parts',
      'facts',
      'explanation',
    ])
    return {
      rule: fields.read('rule', rule),
      severity: fields.read('severity', severity),
      parts: fields.read('parts', nonEmptyListOf(readPart)),
      facts: fields.read('facts', facts),
      explanation: fields.read('explanation', listOf(string)),
    }
  }
}

const readPart: Decode<FindingPart> = (value, at) => {
  const fields = new StrictObject(value, at, ['role', 'redacted', 'fingerprint'])
  return {
    role: fields.read('role', oneOf(roles)),
    secret: new Secret(''),
    redacted: fields.read('redacted', string),
    ...fields.optional('fingerprint', fingerprint),
  }
}

const readPlace: Decode<Place> = (value, at) => {
  const fields = new StrictObject(value, at, [
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
    ...pathOf(fields),
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

const readSpan: Decode<Span> = (value, at) => {
  const [start = 0, end = 0, line = 1, column = 1, endLine = 1, endColumn = 1, ...more] = listOf(
    integer(0),
  )(value, at)
  if (more.length > 0) throw new ReportFormatError(at, 'six numbers')
  return { start, end, line, column, endLine, endColumn }
}

function pathOf(fields: StrictObject): { readonly path?: RepoPath } {
  const { path } = fields.optional('path', string)
  const { pathBytes } = fields.optional('pathBytes', stringMatching(/^[\w+/]*={0,2}$/, 'base64'))
  return path === undefined
    ? {}
    : {
        path: {
          text: path,
          ...(pathBytes !== undefined && {
            bytes: Uint8Array.from(Buffer.from(pathBytes, 'base64')),
          }),
        },
      }
}

const readIntroduction: Decode<Introduction> = (value, at) => {
  const fields = new StrictObject(value, at, ['commit', 'author', 'date', 'path', 'pathBytes'])
  return {
    commit: fields.read('commit', objectName),
    author: fields.read('author', string),
    date: fields.read('date', string),
    ...pathOf(fields),
  }
}

const readAttribution: Decode<Attribution> = (value, at) => {
  const fields = new StrictObject(value, at, [
    'first',
    'last',
    'removed',
    'inHead',
    'inHeadHistory',
    'refs',
    'exposure',
  ])
  return {
    first: fields.read('first', nullable(readIntroduction)),
    last: fields.read('last', nullable(readIntroduction)),
    ...fields.optional('removed', readIntroduction),
    inHead: fields.read('inHead', boolean),
    ...fields.optional('inHeadHistory', boolean),
    refs: fields.read('refs', listOf(string)),
    exposure: fields.read('exposure', oneOf(['published', 'pending', 'local'])),
  }
}
