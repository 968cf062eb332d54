import type {
  Candidate,
  Finding,
  Origin,
  Part,
  Span,
  UnnamedFinding,
} from '../../../src/model/model.ts'
import type { Role, Rule } from '../../../src/model/rule.ts'
import { Secret } from '../../../src/model/secret.ts'
import { conclude } from '../../../src/scan/findings/conclude.ts'
import { fingerprint, primaryPartOf } from '../../../src/scan/findings/fingerprint.ts'

export function ruleOf(more: Partial<Rule> = {}): Rule {
  return {
    id: 'made-up',
    family: 'made-up',
    provider: 'test',
    description: 'Made-up key',
    severity: 'high',
    madeBy: 'machine',
    generic: false,
    parts: [],
    remedy: 'Nothing.',
    references: [],
    ...more,
  }
}

export function spanAt(start: number, line = 1): Span {
  return { start, end: start + 10, line, column: 1, endLine: line, endColumn: 11 }
}

export function partOf(role: Role, text: string, more: Partial<Part> = {}): Part {
  return {
    role,
    secret: new Secret(text),
    span: spanAt(0),
    line: new Secret(`KEY=${text}`),
    facts: {},
    alone: 'high',
    found: `by its ${role}`,
    ...more,
  }
}

export function originOf(path: string, more: Partial<Origin> = {}): Origin {
  return { kind: 'commit', path: { text: path }, ...more }
}

export function candidateOf(
  parts: readonly [Part, ...Part[]],
  more: Partial<Candidate> & { readonly origins?: readonly [Origin, ...Origin[]] } = {},
): Candidate {
  const { origins = [originOf('a.txt')], ...rest } = more
  return {
    rule: ruleOf(),
    parts,
    severity: 'high',
    blob: { id: 'blob', kind: 'blob', origins },
    explanation: ['by a test'],
    ...rest,
  }
}

export function findingOf(
  parts: readonly [Part, ...Part[]],
  more: Parameters<typeof candidateOf>[1] = {},
): Finding {
  return named(conclude(candidateOf(parts, more)))
}

/** The finding with its fingerprint. */
export function named(finding: UnnamedFinding): Finding {
  const { rule, parts } = finding
  const [first, ...rest] = parts
  const text = first === undefined ? '' : primaryPartOf([first, ...rest]).secret.reveal()
  return { ...finding, fingerprint: fingerprint(rule.family, text, rule.madeBy) }
}
