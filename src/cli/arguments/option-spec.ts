/** The type of one row of the option tables, and the headings that group rows in the help. */
import type { CommandName } from './commands.ts'

export interface OptionSpec {
  readonly name: string
  /**
   * `switch`: takes no value. `value`: takes one, and the last one given counts. `list`: takes one
   * each time it is given. `choice`: `--name=word`, and `--name` alone means the first choice.
   */
  readonly kind: 'switch' | 'value' | 'list' | 'choice'
  readonly group: string
  readonly help: string
  readonly choices?: readonly string[]
  /** Choices that single commands accept instead of `choices`. */
  readonly choicesFor?: Partial<Readonly<Record<CommandName, readonly string[]>>>
  /** Default value, as the help shows it. */
  readonly defaultText?: string
  readonly commands: readonly CommandName[]
}

/** Headings of the help, in its order. */
export const optionGroups = {
  exitCode: 'Exit code:',
  report: 'Report:',
  scope: 'Scope and limits:',
  verification: 'Verification:',
  configuration: 'Configuration:',
  allowlist: 'Allowlist and baseline:',
  hooks: 'Hooks:',
  rewrite: 'Fix and rewrite:',
  other: 'Other:',
} as const
