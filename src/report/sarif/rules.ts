/** SARIF rule descriptors, levels and message escaping. */
import type { Rule, Severity } from '../../model/rule.ts'
import { markdownText } from '../formats/markdown-text.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { referenceUrls } from '../wording/finding.ts'

/** GitHub's limits for names and descriptions, in characters. */
const MAX_NAME_LENGTH = 255
const MAX_DESCRIPTION_LENGTH = 1024

const rotationAdvice =
  'Everyone with access may have a secret that was pushed: rotate it first, then remove it from history.'

/** GitHub's `security-severity`: above 9.0 is critical, from 7.0 high, from 4.0 medium. */
const securitySeverities: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
}

const levels = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
} as const satisfies Readonly<Record<Severity, string>>

/** The SARIF level of a severity. */
export function sarifLevel(severity: Severity): 'error' | 'warning' | 'note' {
  return levels[severity]
}

/** Escapes text for a SARIF message, in which brackets start a link and braces a placeholder. */
export function messageText(text: string): string {
  return escapeForTerminal(text)
    .replace(/[\\[\]]/g, String.raw`\$&`)
    .replace(/[{}]/g, '$&$&')
}

interface RuleReference {
  readonly ruleId: string
  readonly ruleIndex: number
}

/**
 * The rule descriptors that results refer to. GitHub takes the severity of an alert from its rule,
 * so a result with another severity than the rule's default gets a descriptor of its own, such as
 * `aws-access-key/low`.
 */
export class RuleTable {
  readonly descriptors: object[] = []
  readonly #indexes = new Map<string, number>()

  /** The reference for a result of a rule, with the result's severity. */
  ruleFor(rule: Rule, severity: Severity): RuleReference {
    const id = escapeForTerminal(rule.severity === severity ? rule.id : `${rule.id}/${severity}`)
    return this.#reference(id, () => ruleDescriptor(id, rule, severity))
  }

  /** The reference for a suppressed candidate, of which only the rule's name is known. */
  unknownRule(name: string): RuleReference {
    const id = `${escapeForTerminal(name)}/suppressed`
    const description = `${messageText(name)}, suppressed`.slice(0, MAX_DESCRIPTION_LENGTH)
    return this.#reference(id, () => ({
      id,
      shortDescription: { text: description },
      fullDescription: { text: description },
      help: { text: 'Oakum suppressed this candidate; the justification says why.' },
      properties: { tags: ['security', 'secret'], 'security-severity': securitySeverities.low },
    }))
  }

  #reference(ruleId: string, describe: () => object): RuleReference {
    const index = this.#indexes.get(ruleId)
    if (index !== undefined) return { ruleId, ruleIndex: index }
    this.#indexes.set(ruleId, this.descriptors.length)
    this.descriptors.push(describe())
    return { ruleId, ruleIndex: this.descriptors.length - 1 }
  }
}

function ruleDescriptor(id: string, rule: Rule, severity: Severity): object {
  const { description, remedy, provider } = rule
  const urls = referenceUrls(rule)
  const sentences = [
    `${description} in the repository or its history.`,
    remedy,
    rotationAdvice,
  ].filter((sentence) => sentence !== '')
  const level = sarifLevel(severity)
  return {
    id,
    name: escapeForTerminal(description).slice(0, MAX_NAME_LENGTH),
    shortDescription: { text: messageText(description).slice(0, MAX_DESCRIPTION_LENGTH) },
    fullDescription: {
      text: messageText(sentences.slice(0, 2).join(' ')).slice(0, MAX_DESCRIPTION_LENGTH),
    },
    ...(urls[0] !== undefined && { helpUri: urls[0] }),
    help: {
      text: [...sentences, ...urls].map(messageText).join('\n\n'),
      markdown: [
        `**${markdownText(description)}**`,
        ...sentences.slice(1).map(markdownText),
        ...urls.map((url) => `<${url}>`),
      ].join('\n\n'),
    },
    defaultConfiguration: { level },
    properties: {
      tags: ['security', 'secret', 'external/cwe/cwe-798', escapeForTerminal(provider)],
      precision: rule.generic ? 'medium' : 'high',
      'security-severity': securitySeverities[severity],
      'problem.severity': level === 'note' ? 'recommendation' : level,
    },
  }
}
