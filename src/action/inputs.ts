import { UsageError } from '../model/errors.ts'
import { type Severity, severities } from '../model/rule.ts'
import { suggestion } from '../model/suggestion.ts'
import { scans } from './event.ts'

/** Inputs of action.yml, which arrive as `OAKUM_<NAME>`; empty ones count as not given. */
export interface Inputs {
  readonly scan: (typeof scans)[number]
  readonly failOn: Severity | undefined
  readonly config: string | undefined
  readonly sarif: string | undefined
  readonly annotations: boolean
  readonly summary: boolean
  readonly workingDirectory: string
  readonly allowFrom: 'base' | 'head'
  /** Ask AWS whether the keys that were found are live. */
  readonly verify: boolean
  /** Another endpoint than that of AWS: a loopback address. No input, but a variable of the job. */
  readonly stsEndpoint: string | undefined
}

/** UsageError of one line for an input that cannot be. */
export function readInputs(env: Readonly<Record<string, string | undefined>>): Inputs {
  const given = (name: string): string | undefined =>
    env[`OAKUM_${name.toUpperCase().replaceAll('-', '_')}`]?.trim() || undefined
  const choice = <T extends string>(name: string, choices: readonly T[]): T | undefined => {
    const value = given(name)
    const chosen = choices.find((one) => one === value)
    if (value !== undefined && chosen === undefined)
      throw new UsageError(
        `the input ${name} takes ${choices.join(', ')}, not "${value}"${suggestion(value, choices)}`,
      )
    return chosen
  }
  const isOn = (name: string): boolean => choice(name, ['true', 'false']) !== 'false'
  return {
    scan: choice('scan', scans) ?? 'auto',
    failOn: choice('fail-on', severities),
    config: given('config'),
    sarif: given('sarif'),
    annotations: isOn('annotations'),
    summary: isOn('summary'),
    workingDirectory: given('working-directory') ?? '.',
    allowFrom: choice('allow-from', ['base', 'head']) ?? 'base',
    verify: choice('verify', ['false', 'true']) === 'true',
    stsEndpoint: given('sts-endpoint'),
  }
}
