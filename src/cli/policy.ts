import { UsageError } from '../errors.ts'
import { noPolicy } from '../policy.ts'
import type { LoadedPolicy } from '../config/load.ts'
import type { Invocation } from './command-line.ts'
import type { Io } from './io.ts'
import { lastOf } from './settings.ts'

/** The policy that options, environment and place ask for. */
export async function policyOf(invocation: Invocation, { cwd, env }: Pick<Io, 'cwd' | 'env'>): Promise<LoadedPolicy> {
  const { switches, command, words } = invocation
  const [option, revision] = [lastOf(invocation, 'config'), lastOf(invocation, 'config-from')]
  const strict = switches.has('strict')
  if (switches.has('no-config')) {
    const other = option === undefined ? revision && '--config-from' : '--config'
    if (other) throw new UsageError(`--no-config and ${other} say two things: give one`)
    return { policy: { ...noPolicy, strict }, verify: 'ask' }
  }
  if (option !== undefined && revision !== undefined) throw new UsageError('--config and --config-from say two things: give one')
  const given = ['scan', 'history', 'plan', 'rewrite'].includes(command) ? words[0] : undefined
  const file = option ?? (revision === undefined ? env['OAKUM_CONFIG'] || undefined : undefined)
  const { loadPolicy } = await import('../config/load.ts')
  return loadPolicy({
    cwd, env, strict, trusted: switches.has('trust-config'),
    ...(given !== undefined && { given }), ...(file !== undefined && { file }), ...(revision !== undefined && { revision }),
  })
}
