import { UsageError } from '../../model/errors.ts'
import { noPolicy } from '../../model/policy.ts'
import type { LoadedPolicy, PolicyRequest } from '../../config/load.ts'
import type { Invocation } from './command-line.ts'
import type { Io } from '../process/io.ts'
import { lastOf } from './settings.ts'

/** The policy that options, environment and place ask for. */
export async function policyOf(
  invocation: Invocation,
  io: Pick<Io, 'cwd' | 'env'>,
): Promise<LoadedPolicy> {
  const request = policyRequestOf(invocation, io)
  if (request === undefined)
    return { policy: { ...noPolicy, strict: invocation.switches.has('strict') }, verify: 'ask' }
  const { loadPolicy } = await import('../../config/load.ts')
  return loadPolicy(request)
}

/** Which policy is asked for; undefined where none is wished for. */
export function policyRequestOf(
  invocation: Invocation,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
): PolicyRequest | undefined {
  const { switches, command, words } = invocation
  const [option, revision] = [lastOf(invocation, 'config'), lastOf(invocation, 'config-from')]
  if (switches.has('no-config')) {
    const other = option === undefined ? revision && '--config-from' : '--config'
    if (other) throw new UsageError(`--no-config and ${other} say two things: give one`)
    return undefined
  }
  if (option !== undefined && revision !== undefined)
    throw new UsageError('--config and --config-from say two things: give one')
  const given = ['scan', 'history', 'audit', 'plan', 'rewrite'].includes(command)
    ? words[0]
    : undefined
  const file = option ?? (revision === undefined ? env['OAKUM_CONFIG'] || undefined : undefined)
  return {
    cwd,
    env,
    strict: switches.has('strict'),
    trusted: switches.has('trust-config'),
    ...(given !== undefined && { target: given }),
    ...(file !== undefined && { file }),
    ...(revision !== undefined && { revision }),
  }
}
