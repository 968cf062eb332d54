/** Words that can come next on a command line, for the completion scripts of the shells. */
import { hookChoices, shells } from './choices.ts'
import { type CommandName, commandSpecs } from './commands.ts'
import { optionSpecs } from './options.ts'

/** First arguments of the commands that take a fixed word there. */
const firstArguments: Partial<Readonly<Record<CommandName, readonly string[]>>> = {
  allow: ['list', 'stale', 'remove'],
  completion: shells,
  hook: hookChoices,
  rules: ['list', 'show', 'check', 'explain'],
}

/**
 * Returns the completions for `tokens`, the words after `oakum` with the one under the cursor last.
 * An empty result means that a file name is expected.
 */
export async function completionsOf(tokens: readonly string[]): Promise<readonly string[]> {
  // Bash splits `--format=json` into three words.
  const [current = '', previous, ...before] = tokens.filter((token) => token !== '=').reverse()
  const candidates = await candidatesFor(current, previous, before.reverse())
  return candidates.filter((candidate) => candidate.startsWith(current))
}

async function candidatesFor(
  current: string,
  previous: string | undefined,
  before: readonly string[],
): Promise<readonly string[]> {
  const option = optionTakingValue(previous)
  if (option !== undefined) return option.choices ?? []
  const tokens = previous === undefined ? before : [...before, previous]
  const words = tokens.filter(
    (token, index) => !token.startsWith('-') && optionTakingValue(tokens[index - 1]) === undefined,
  )
  const command = commandSpecs.find(({ name }) => name === words[0])?.name
  if (current.startsWith('-')) {
    return optionSpecs
      .filter(({ commands }) => command === undefined || commands.includes(command))
      .map(({ name }) => `--${name}`)
  }
  if (words.length === 0) return commandSpecs.map(({ name }) => name)
  if (command !== undefined && words.length === 1) return firstArguments[command] ?? []
  if (command === 'rules' && words.length === 2 && words[1] === 'show') return ruleIds()
  return []
}

/** Finds the option that `token` names, if the next token is its value. */
function optionTakingValue(token: string | undefined): (typeof optionSpecs)[number] | undefined {
  return optionSpecs.find(
    ({ name, kind }) => token === `--${name}` && (kind === 'value' || kind === 'list'),
  )
}

async function ruleIds(): Promise<readonly string[]> {
  const { builtinRules } = await import('../../rules/load.ts')
  return builtinRules().rules.map((rule) => rule.id)
}
