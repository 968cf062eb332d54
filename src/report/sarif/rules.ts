import type { Rule, Severity } from '../../model/rule.ts'
import { escapeForTerminal } from '../terminal/escape.ts'
import { linksOf } from '../wording/links.ts'
import { markdownText } from '../formats/markdown-text.ts'

/** GitHub's limits: of names, of descriptions, and of tags. */
const [maxName, maxDescription] = [255, 1024] as const

/** Over 9.0 is critical, from 7.0 high, from 4.0 medium. */
const scores: Readonly<Record<Severity, string>> = {
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

/** SARIF's three levels. */
export function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  return levels[severity]
}

/** Text for a message: brackets begin a link there, and braces a placeholder. */
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
 * The rules that results refer to. Code scanning takes a result's severity from its rule, so one
 * that has another severity than its rule usually has gets a descriptor of its own:
 * `aws-access-key/low`.
 */
export class RuleTable {
  readonly descriptors: object[] = []
  readonly #indexes = new Map<string, number>()

  /** The rule for a result of this severity. */
  take(rule: Rule, severity: Severity): RuleReference {
    const id = escapeForTerminal(rule.severity === severity ? rule.id : `${rule.id}/${severity}`)
    return this.#take(id, () => descriptorOf(id, rule, severity))
  }

  /** A rule of which only the name is known. */
  takeUnknown(name: string): RuleReference {
    const id = escapeForTerminal(name)
    return this.#take(`${id}/suppressed`, () => ({
      id: `${id}/suppressed`,
      shortDescription: { text: `${messageText(name)}, suppressed`.slice(0, maxDescription) },
      fullDescription: { text: `${messageText(name)}, ruled out`.slice(0, maxDescription) },
      help: { text: 'Oakum ruled this out; the justification says why.' },
      properties: { tags: ['security', 'secret'], 'security-severity': scores.low },
    }))
  }

  #take(ruleId: string, describe: () => object): RuleReference {
    const known = this.#indexes.get(ruleId)
    if (known !== undefined) return { ruleId, ruleIndex: known }
    this.#indexes.set(ruleId, this.descriptors.length)
    this.descriptors.push(describe())
    return { ruleId, ruleIndex: this.descriptors.length - 1 }
  }
}

function descriptorOf(id: string, rule: Rule, severity: Severity): object {
  const { description, remedy, provider } = rule
  const links = linksOf(rule)
  const sentences = [
    `${description} in the repository or its history.`,
    remedy,
    'What was pushed is known to others: rotate it first, and take it out of history afterwards.',
  ].filter((one) => one !== '')
  const shown = messageText(description).slice(0, maxDescription)
  return {
    id,
    name: escapeForTerminal(description).slice(0, maxName),
    shortDescription: { text: shown },
    fullDescription: {
      text: messageText(sentences.slice(0, 2).join(' ')).slice(0, maxDescription),
    },
    ...(links[0] !== undefined && { helpUri: links[0] }),
    help: {
      text: [...sentences, ...links].map(messageText).join('\n\n'),
      markdown: [
        `**${markdownText(description)}**`,
        ...sentences.slice(1).map(markdownText),
        ...links.map((url) => `<${url}>`),
      ].join('\n\n'),
    },
    defaultConfiguration: { level: levelOf(severity) },
    properties: {
      tags: ['security', 'secret', 'external/cwe/cwe-798', escapeForTerminal(provider)],
      precision: rule.generic ? 'medium' : 'high',
      'security-severity': scores[severity],
      'problem.severity': levelOf(severity) === 'note' ? 'recommendation' : levelOf(severity),
    },
  }
}
