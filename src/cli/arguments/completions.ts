/** What may come next on a command line, for the shells' completion. */
import { commandSpecs, hookChoices, optionSpecs, shells } from './options.ts'

/** `words` are those after `oakum`, the one under the cursor last. Nothing means: a file name. */
export async function completionsOf(words: readonly string[]): Promise<readonly string[]> {
  // Bash hands `--format=json` over as three words.
  const [current = '', previous, ...before] = words.filter((word) => word !== '=').reverse()
  return (await expected(current, previous, before.reverse())).filter((word) =>
    word.startsWith(current),
  )
}

async function expected(
  current: string,
  previous: string | undefined,
  before: readonly string[],
): Promise<readonly string[]> {
  const option = optionSpecs.find(
    ({ name, kind }) => previous === `--${name}` && (kind === 'value' || kind === 'list'),
  )
  if (option !== undefined) return option.choices ?? []
  const all = previous === undefined ? before : [...before, previous]
  const words = all.filter((word, index) => !word.startsWith('-') && !takesValue(all[index - 1]))
  const command = commandSpecs.find(({ name }) => name === words[0])?.name
  if (current.startsWith('-')) {
    return optionSpecs
      .filter(({ commands }) => command === undefined || commands.includes(command))
      .map(({ name }) => `--${name}`)
  }
  if (words.length === 0) return commandSpecs.map(({ name }) => name)
  if (command === 'completion' && words.length === 1) return shells
  if (command === 'hook' && words.length === 1) return hookChoices
  if (command === 'rules' && words.length === 1) return ['list', 'show', 'check', 'explain']
  if (command === 'allow' && words.length === 1) return ['list', 'stale', 'remove']
  if (command === 'rules' && words.length === 2 && words[1] === 'show') return ruleIds()
  return []
}

function takesValue(token: string | undefined): boolean {
  return optionSpecs.some(
    ({ name, kind }) => token === `--${name}` && (kind === 'value' || kind === 'list'),
  )
}

async function ruleIds(): Promise<readonly string[]> {
  const { builtinRules } = await import('../../rules/load.ts')
  return builtinRules().rules.map((rule) => rule.id)
}
