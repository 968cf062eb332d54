/** `oakum rules`: `list` and `show <id>` here; `check` and `explain` in files of their own. */
import { UsageError } from '../../model/errors.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { loadPolicyFor } from '../arguments/policy.ts'
import { textFormats } from '../arguments/choices.ts'
import { formatNames } from '../../report/report-formats.ts'
import { runExplain } from './explain.ts'
import { choiceOf, ruleSelectorsOf } from '../arguments/settings.ts'
import { suggestion } from '../../model/suggestion.ts'

const actions = ['list', 'show', 'check', 'explain']

export async function runRules(invocation: Invocation, io: Io): Promise<number> {
  const [action = '', id, extra] = invocation.positionals
  if (!actions.includes(action)) {
    const hint =
      suggestion(action, actions) || '; it takes list, show ID, check [FILE..] or explain FILE'
    throw new UsageError(`rules does not know ${action}${hint}`)
  }
  if (action === 'check') return (await import('./rules-check.ts')).runRulesCheck(invocation, io)
  if (extra !== undefined) throw new UsageError(`rules ${action} takes no ${extra}`)
  const format = choiceOf(invocation, 'format', textFormats) ?? 'text'
  const unsupported = choiceOf(
    invocation,
    'format',
    formatNames.filter((name) => name !== 'text' && name !== 'json'),
  )
  if (unsupported !== undefined)
    throw new UsageError(`rules writes text or json, not ${unsupported}`)
  if (action === 'explain') return runExplain(invocation, io, format)
  return action === 'list'
    ? listRules(id, invocation, { io, format })
    : showRule(id, invocation, { io, format })
}

interface RulesOutput {
  readonly io: Io
  readonly format: (typeof textFormats)[number]
}

async function listRules(
  id: string | undefined,
  invocation: Invocation,
  { io, format }: RulesOutput,
): Promise<number> {
  const { renderRules, renderRulesJson } = await import('../../report/rules.ts')
  const rules = await selectedRules(invocation, io)
  if (id !== undefined)
    throw new UsageError(`rules list takes no id; did you mean oakum rules show ${id}?`)
  io.stdout.write(format === 'json' ? renderRulesJson(rules) : renderRules(rules))
  return exitCodes.clean
}

async function showRule(
  id: string | undefined,
  invocation: Invocation,
  { io, format }: RulesOutput,
): Promise<number> {
  const { renderRule, renderRuleJson } = await import('../../report/rules.ts')
  const rules = await selectedRules(invocation, io)
  if (id === undefined) throw new UsageError('rules show needs a rule id; see oakum rules list')
  const rule = rules.find((candidate) => candidate.id === id)
  if (rule === undefined) {
    const ids = rules.map((candidate) => candidate.id)
    throw new UsageError(`there is no rule ${id}${suggestion(id, ids) || '; see oakum rules list'}`)
  }
  io.stdout.write(format === 'json' ? renderRuleJson(rule) : renderRule(rule))
  return exitCodes.clean
}

/** Returns the built-in and own rules that `--rules` selects. */
async function selectedRules(invocation: Invocation, io: Io) {
  const { allRules } = await import('../../rules/load.ts')
  const { policy } = await loadPolicyFor(invocation, io)
  return allRules(policy.rules, ruleSelectorsOf(invocation)).rules
}
