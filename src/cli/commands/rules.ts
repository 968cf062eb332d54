import { UsageError } from '../../model/errors.ts'
import type { Invocation } from '../arguments/command-line.ts'
import { exitCodes } from '../support/exit-code.ts'
import type { Io } from '../process/io.ts'
import { policyOf } from '../arguments/policy.ts'
import { formatNames } from '../../report/report-formats.ts'
import { runExplain } from './explain.ts'
import { choiceOf, selectorsOf } from '../arguments/settings.ts'
import { suggestion } from '../../model/suggestion.ts'

const actions = ['list', 'show', 'check', 'explain']

/**
 * `rules list` and `rules show <id>`, as text or as JSON; `rules check [file..]`; `rules explain
 * <file>`.
 */
export async function runRules(invocation: Invocation, io: Io): Promise<number> {
  const [action = '', id, more] = invocation.words
  if (!actions.includes(action))
    throw new UsageError(
      `rules does not know ${action}${suggestion(action, actions) || '; it takes list, show and an id, check and files, or explain and a file'}`,
    )
  if (action === 'check') return (await import('./rules-check.ts')).runRulesCheck(invocation, io)
  if (more !== undefined) throw new UsageError(`rules ${action} takes no ${more}`)
  const format = choiceOf(invocation, 'format', ['text', 'json']) ?? 'text'
  const other = choiceOf(
    invocation,
    'format',
    formatNames.filter((name) => name !== 'text' && name !== 'json'),
  )
  if (other !== undefined) throw new UsageError(`rules writes text or json, not ${other}`)
  if (action === 'explain') return runExplain(invocation, io, format)
  const { allRules } = await import('../../rules/load.ts')
  const { renderRule, renderRuleJson, renderRules, renderRulesJson } = await import(
    '../../report/rules.ts'
  )
  const { policy } = await policyOf(invocation, io)
  const { rules } = allRules(policy.rules, selectorsOf(invocation))
  if (action === 'list') {
    if (id !== undefined)
      throw new UsageError(`rules list takes no id; did you mean oakum rules show ${id}?`)
    io.stdout.write(format === 'json' ? renderRulesJson(rules) : renderRules(rules))
    return exitCodes.clean
  }
  if (id === undefined)
    throw new UsageError('rules show needs the id of a rule; see oakum rules list')
  const rule = rules.find((one) => one.id === id)
  if (rule === undefined)
    throw new UsageError(
      `no rule is called ${id}${
        suggestion(
          id,
          rules.map((one) => one.id),
        ) || '; see oakum rules list'
      }`,
    )
  io.stdout.write(format === 'json' ? renderRuleJson(rule) : renderRule(rule))
  return exitCodes.clean
}
