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
import { reportedPath } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import {
  flag,
  Flaw,
  listOf,
  mappingOf,
  oneOf,
  orNull,
  type Read,
  someOf,
  Strict,
  text,
  textLike,
  whole,
} from './strict.ts'

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
const objectName = textLike(/^[0-9a-f]{40,64}$/, 'the name of an object')
const fingerprint = textLike(/^oak1-[0-9a-f]{32}$/, 'a fingerprint')
const facts = mappingOf(text)

/** By what candidates are ruled out. */
export const suppressedBy = oneOf(reasons)

/** A rule that reports need to know, and that finds nothing. */
export const readRule: Read<Rule> = (value, at) => {
  const fields = new Strict(value, at, [
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
    id: fields.read('id', text),
    family: fields.read('family', text),
    provider: fields.read('provider', text),
    description: fields.read('description', text),
    severity: fields.read('severity', severity),
    madeBy: fields.read('madeBy', oneOf(['machine', 'person'])),
    generic: fields.read('generic', flag),
    parts: fields.read('roles', listOf(oneOf(roles))).map((role) => ({
      role,
      keywords: [],
      pattern: /(?!)/dg,
      window: 0,
      minEntropy: 0,
      validator: undefined,
      alone: 'never',
    })),
    remedy: fields.read('remedy', text),
    references: fields.read('references', listOf(text)),
  }
}

/** Findings, given the rules of their report by id. */
export function readerOfFindings(rules: ReadonlyMap<string, Rule>): Read<Finding> {
  const rule: Read<Rule> = (value, at) => {
    const known = rules.get(text(value, at))
    if (known === undefined) throw new Flaw(at, 'a rule of the report')
    return known
  }
  return (value, at) => {
    const fields = new Strict(value, at, [
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
    const worst = fields.read('worst', orNull(readSighting(rule)))
    const spent = fields.read('spent', orNull(flag))
    const attribution = fields.read('attribution', orNull(readAttribution))
    const lapsed = fields.read('lapsed', orNull(text))
    const all = fields.read('facts', facts)
    return {
      ...rich,
      fingerprint: fields.read('fingerprint', fingerprint),
      ...(spent !== null && { sightings: { rich, worst: worst ?? rich, spent, facts: all } }),
      places: fields.read('places', someOf(readPlace)),
      ...(attribution && { attribution }),
      verification: { status: 'not-tried' },
      ...(lapsed !== null && { lapsed }),
    }
  }
}

/** What was suppressed, given the reader of findings of its report. */
export function readerOfSuppressed(finding: Read<Finding>): Read<Suppressed> {
  return (value, at) => {
    const fields = new Strict(value, at, ['rule', 'by', 'reason', 'redacted', 'place', 'finding'])
    const found = fields.read('finding', orNull(finding))
    return {
      rule: fields.read('rule', text),
      suppression: { by: fields.read('by', suppressedBy), reason: fields.read('reason', text) },
      redacted: fields.read('redacted', text),
      place: fields.read('place', readPlace),
      ...(found && { finding: found }),
    }
  }
}

function readSighting(rule: Read<Rule>): Read<Sighting> {
  return (value, at) => {
    const fields = new Strict(value, at, ['rule', 'severity', 'parts', 'facts', 'explanation'])
    return {
      rule: fields.read('rule', rule),
      severity: fields.read('severity', severity),
      parts: fields.read('parts', someOf(readPart)),
      facts: fields.read('facts', facts),
      explanation: fields.read('explanation', listOf(text)),
    }
  }
}

const readPart: Read<FindingPart> = (value, at) => {
  const fields = new Strict(value, at, ['role', 'redacted', 'fingerprint'])
  return {
    role: fields.read('role', oneOf(roles)),
    secret: new Secret(''),
    redacted: fields.read('redacted', text),
    ...fields.maybe('fingerprint', fingerprint),
  }
}

const readPlace: Read<Place> = (value, at) => {
  const fields = new Strict(value, at, [
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
    ...fields.maybe('object', objectName),
    ...fields.maybe('commit', objectName),
    ...fields.maybe('member', text),
    ...(fields.maybe('inName', flag).inName === true && { inName: true }),
    ...fields.maybe('state', oneOf(states)),
  }
  return {
    origin,
    role: fields.read('role', oneOf(roles)),
    span: fields.read('span', readSpan),
    ...fields.maybe('time', whole(Number.MIN_SAFE_INTEGER)),
  }
}

const readSpan: Read<Span> = (value, at) => {
  const [start = 0, end = 0, line = 1, column = 1, endLine = 1, endColumn = 1, ...more] = listOf(
    whole(0),
  )(value, at)
  if (more.length > 0) throw new Flaw(at, 'six numbers')
  return { start, end, line, column, endLine, endColumn }
}

function pathOf(fields: Strict): { readonly path?: RepoPath } {
  const { path } = fields.maybe('path', text)
  const { pathBytes } = fields.maybe('pathBytes', textLike(/^[\w+/]*={0,2}$/, 'base64'))
  return path === undefined ? {} : { path: reportedPath(path, pathBytes) }
}

const readIntroduction: Read<Introduction> = (value, at) => {
  const fields = new Strict(value, at, ['commit', 'author', 'date', 'path', 'pathBytes'])
  return {
    commit: fields.read('commit', objectName),
    author: fields.read('author', text),
    date: fields.read('date', text),
    ...pathOf(fields),
  }
}

const readAttribution: Read<Attribution> = (value, at) => {
  const fields = new Strict(value, at, [
    'first',
    'last',
    'removed',
    'inHead',
    'inHeadHistory',
    'refs',
    'exposure',
  ])
  return {
    first: fields.read('first', orNull(readIntroduction)),
    last: fields.read('last', orNull(readIntroduction)),
    ...fields.maybe('removed', readIntroduction),
    inHead: fields.read('inHead', flag),
    ...fields.maybe('inHeadHistory', flag),
    refs: fields.read('refs', listOf(text)),
    exposure: fields.read('exposure', oneOf(['published', 'pending', 'local'])),
  }
}
