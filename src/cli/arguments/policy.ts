/** Finds and loads the policy (configuration, allow entries, baseline) for an invocation. */
import { UsageError } from '../../model/errors.ts'
import { noPolicy } from '../../model/policy.ts'
import type { LoadedPolicy, PolicyRequest } from '../../config/load.ts'
import type { Invocation } from './command-line.ts'
import type { Io } from '../process/io.ts'
import { lastValueOf } from './settings.ts'

/** Loads the policy that the options, the environment and the current folder select. */
export async function loadPolicyFor(
  invocation: Invocation,
  io: Pick<Io, 'cwd' | 'env'>,
): Promise<LoadedPolicy> {
  const request = policyRequestOf(invocation, io)
  if (request === undefined)
    return { policy: { ...noPolicy, strict: invocation.switches.has('strict') }, verify: 'ask' }
  const { loadPolicy } = await import('../../config/load.ts')
  return loadPolicy(request)
}

/** Returns which policy to load; undefined with `--no-config`. */
export function policyRequestOf(
  invocation: Invocation,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
): PolicyRequest | undefined {
  const { switches, command, positionals } = invocation
  const configFile = lastValueOf(invocation, 'config')
  const revision = lastValueOf(invocation, 'config-from')
  if (switches.has('no-config')) {
    const conflict = configFile === undefined ? revision && '--config-from' : '--config'
    if (conflict) throw new UsageError(`--no-config and ${conflict} exclude each other: give one`)
    return undefined
  }
  if (configFile !== undefined && revision !== undefined)
    throw new UsageError('--config and --config-from exclude each other: give one')
  const takesRepository = ['scan', 'history', 'audit', 'plan', 'rewrite'].includes(command)
  const target = takesRepository ? positionals[0] : undefined
  const file = configFile ?? (revision === undefined ? env['OAKUM_CONFIG'] || undefined : undefined)
  return {
    cwd,
    env,
    strict: switches.has('strict'),
    trusted: switches.has('trust-config'),
    ...(target !== undefined && { target }),
    ...(file !== undefined && { file }),
    ...(revision !== undefined && { revision }),
  }
}
