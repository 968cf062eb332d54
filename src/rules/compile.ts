/** Turns rule definitions, which are plain data, into rules that can run. */
import { crypto } from '../model/lazy-crypto.ts'
import type { Rule, RulePart } from '../model/rule.ts'
import { BoundedPattern } from './bounded-pattern.ts'
import type { PartDefinition, BareDefinition } from '../model/rule-definition.ts'
import { compilePattern, withTokenBorders } from './token-border.ts'
import { validatorNamed } from './validators/validators.ts'

type MakePattern = (source: string, flags: string) => RegExp

/** Compiles a definition of a built-in rule. */
export function compileRule(definition: BareDefinition): Rule {
  return compile(definition, compilePattern)
}

/**
 * Compiles a rule of a user, whose patterns have a time limit. `title` names the rule in errors.
 */
export function compileOwnRule(definition: BareDefinition, title: string): Rule {
  return {
    ...compile(
      definition,
      (source, flags) => new BoundedPattern(withTokenBorders(source), flags, title),
    ),
    own: true,
  }
}

function compile(definition: BareDefinition, makePattern: MakePattern): Rule {
  const {
    id,
    family,
    provider,
    description,
    severity,
    madeBy,
    generic,
    views,
    remedy,
    references,
  } = definition
  return {
    id,
    family,
    provider,
    description,
    severity,
    madeBy,
    generic,
    ...(views ? { views } : {}),
    parts: definition.parts.map((part) => compilePart(part, makePattern)),
    remedy,
    references,
  }
}

function compilePart(
  { role, keywords, pattern, window, entropy, validator, entry, alone, pairs }: PartDefinition,
  makePattern: MakePattern,
): RulePart {
  let compiled: RegExp | undefined
  return {
    role,
    keywords,
    // Compiled when a keyword first occurs: most scans need few of the patterns.
    get pattern() {
      compiled ??= makePattern(pattern.text, pattern.ignoreCase ? 'dgi' : 'dg')
      return compiled
    },
    source: pattern.text,
    window,
    minEntropy: entropy,
    validator: validator === undefined ? undefined : validatorNamed(validator),
    ...(entry === undefined ? {} : { entry }),
    alone,
    ...(pairs === undefined ? {} : { pairs }),
  }
}

/** Returns a digest that identifies a set of rules: 16 hexadecimal digits. */
export function digestOf(definitions: readonly BareDefinition[]): string {
  return crypto()
    .createHash('sha256')
    .update(JSON.stringify(definitions))
    .digest('hex')
    .slice(0, 16)
}
