/** Reads the inputs of action.yml. */
import { UsageError } from '../model/errors.ts'
import { type Severity, severities } from '../model/rule.ts'
import { suggestion } from '../model/suggestion.ts'
import { scanModes } from './event.ts'

/** The inputs of action.yml, from variables `OAKUM_<NAME>`. An empty variable counts as unset. */
export interface Inputs {
  readonly scan: (typeof scanModes)[number]
  readonly failOn: Severity | undefined
  readonly config: string | undefined
  readonly sarif: string | undefined
  readonly annotations: boolean
  readonly summary: boolean
  readonly workingDirectory: string
  readonly allowFrom: 'base' | 'head'
  /** Whether to ask AWS if the keys that were found are live. */
  readonly verify: boolean
  /** A loopback address instead of AWS's endpoint, for tests: a variable only, not an input. */
  readonly stsEndpoint: string | undefined
}

/** Reads the inputs. Throws a UsageError with a one-line message for an invalid value. */
export function readInputs(env: Readonly<Record<string, string | undefined>>): Inputs {
  const input = (name: string): string | undefined =>
    env[`OAKUM_${name.toUpperCase().replaceAll('-', '_')}`]?.trim() || undefined
  const choice = <T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const value = input(name)
    const match = choices.find((candidate) => candidate === value)
    if (value !== undefined && match === undefined)
      throw new UsageError(
        `the input ${name} takes ${choices.join(', ')}, not "${value}"${suggestion(value, choices)}`,
      )
    return match
  }
  const isOn = (name: string): boolean => choice(name, ['true', 'false']) !== 'false'
  return {
    scan: choice('scan', scanModes) ?? 'auto',
    failOn: choice('fail-on', severities),
    config: input('config'),
    sarif: input('sarif'),
    annotations: isOn('annotations'),
    summary: isOn('summary'),
    workingDirectory: input('working-directory') ?? '.',
    allowFrom: choice('allow-from', ['base', 'head']) ?? 'base',
    verify: choice('verify', ['false', 'true']) === 'true',
    stsEndpoint: input('sts-endpoint'),
  }
}
