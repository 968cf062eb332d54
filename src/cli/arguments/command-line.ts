/** argv → what was asked for, or one UsageError that says what is wrong. The home of yargs. */
import yargs, { type Argv } from 'yargs'
import { UsageError } from '../../model/errors.ts'
import { suggestion } from '../../model/suggestion.ts'
import {
  type CommandName,
  type CommandSpec,
  commandSpecs,
  type OptionName,
  optionSpecs,
} from './options.ts'

declare module 'yargs' {
  // Missing from @types/yargs 17; in yargs since 17.7.
  interface Argv<T> {
    usageConfiguration(configuration: { readonly 'hide-types': boolean }): this
  }
}

/** A command with its words and options. */
export interface Invocation {
  readonly command: CommandName
  /** What stands after the command, in order. */
  readonly positionals: readonly string[]
  readonly switches: ReadonlySet<OptionName>
  /** Values of the options that take one, in order. */
  readonly values: ReadonlyMap<OptionName, readonly string[]>
}

export type ParsedCommandLine =
  | { readonly kind: 'run'; readonly invocation: Invocation }
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'version' }

type Arguments = Readonly<Record<string, unknown>>

/** What yargs says, each as one line in our words. */
const phrases = {
  'Argument: %s, Given: %s, Choices: %s': '--%s was given %s; it takes %s',
  'Not enough arguments following: %s': '--%s needs a value',
  'Argument unexpected for: %s': '--%s takes no value',
}

/**
 * Options and words as they stand: `--no-x` is a name of its own, numbers are text, nothing is
 * folded or guessed.
 */
const literally = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'short-option-groups': false,
}

/** Reads a command line; throws a UsageError of one line. */
export function parseCommandLine(argv: readonly string[]): ParsedCommandLine {
  const args: Arguments = parserOf(withChoices(argv)).parseSync()
  const words = Array.isArray(args['_']) ? args['_'].map(String) : []
  const asksHelp = words[0] === 'help'
  const name = asksHelp ? words[1] : words[0]
  const spec = commandSpecs.find((command) => command.name === name)
  if (name !== undefined && spec === undefined) {
    throw new UsageError(
      `unknown command ${name}${
        suggestion(
          name,
          commandSpecs.map((command) => command.name),
        ) || '; see oakum --help'
      }`,
    )
  }
  if (asksHelp || args['help'] === true) return { kind: 'help', command: spec?.name }
  if (args['version'] === true) return { kind: 'version' }
  if (spec === undefined) throw new UsageError('no command given; see oakum --help')
  return { kind: 'run', invocation: invocationOf(spec, words.slice(1), args) }
}

/** Of a choice that stands alone the first is meant: what follows is not its value. */
function withChoices(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return argv.map((token, at) => {
    const choice =
      end === -1 || at < end
        ? optionSpecs.find(({ name, kind }) => kind === 'choice' && token === `--${name}`)
        : undefined
    return choice === undefined ? token : `${token}=${choice.choices?.[0] ?? ''}`
  })
}

/** The help of a command, or of Oakum; at most 80 columns. */
export function helpFor(command: CommandName | undefined): Promise<string> {
  const parser = parserOf(command === undefined ? [] : [command])
  for (const { name, group, ...spec } of optionSpecs)
    parser.group(name, group).describe(name, describe(spec))
  for (const { name, positionals: takes, help } of commandSpecs)
    parser.command(name, help, (own) => ofCommand(own, name, `${takes}\n\n${help}.`))
  return parser.getHelp()
}

// yargs's own help, version and completion are off: `.help()` takes a last word `help` for a wish,
// and `.completion()` the word `completion`, so that `oakum scan help` would scan nothing and end
// well. Commands are words to it, except where help is asked for: it would write the help of a
// command whenever that is run.
function parserOf(argv: readonly string[]): Argv {
  const parser = yargs([...argv])
    .scriptName('oakum')
    .usage('Usage: $0 <command> [options]')
    .locale('en')
    .updateStrings(phrases)
    .help(false)
    .version(false)
    .exitProcess(false)
    .strictOptions()
    .parserConfiguration(literally)
    .usageConfiguration({ 'hide-types': true })
    .wrap(80)
    .fail((message, error) => {
      // What is no complaint of yargs's own is a bug.
      throw isComplaint(error) ? new UsageError(failure(message, argv)) : error
    })
  // One by one each would take as long as many at once.
  parser
    .boolean(optionSpecs.filter(isSwitch).map(({ name }) => name))
    .string(optionSpecs.filter((spec) => !isSwitch(spec)).map(({ name }) => name))
  parser.nargs(Object.fromEntries(optionSpecs.map((spec) => [spec.name, isSwitch(spec) ? 0 : 1])))
  parser.choices(
    Object.fromEntries(
      optionSpecs.flatMap(({ name, choices }) => (choices ? [[name, choices]] : [])),
    ),
  )
  return parser
    .alias('help', 'h')
    .epilogue('Exit codes: 0 nothing found, 1 findings, 2 usage, 3 incomplete, 130 interrupted.')
}

function isSwitch({ kind }: (typeof optionSpecs)[number]): boolean {
  return kind === 'switch'
}

/** Hides the options that others take, and says what the command takes. */
function ofCommand(parser: Argv, command: CommandName, usage: string): Argv {
  for (const { name, commands } of optionSpecs) if (!commands.includes(command)) parser.hide(name)
  return parser.usage(`Usage: $0 ${command} ${usage}`)
}

function describe({
  help,
  choices,
  otherwise,
}: {
  help: string
  choices?: readonly string[] | undefined
  otherwise?: string
}): string {
  const notes = [choices?.join(', '), otherwise && `default ${otherwise}`]
    .filter(Boolean)
    .join('; ')
  return notes === '' ? help : `${help} (${notes})`
}

/** yargs gives an error of its own, or none at all. */
function isComplaint(error: Error | undefined): boolean {
  return error === undefined || error.name === 'YError'
}

function failure(message: string | null, argv: readonly string[]): string {
  const [, unknown] = /^Unknown arguments?: (.*)$/s.exec(message ?? '') ?? []
  if (unknown === undefined)
    return (message ?? 'the command line was not understood')
      .replace(/^Invalid values:\n\s*/, '')
      .replaceAll(/\s*\n\s*/g, '; ')
  const names = unknown.split(', ')
  const token = argv
    .map((word) => word.replace(/=.*$/s, ''))
    .find((word) => word.startsWith('-') && names.includes(word.replace(/^--?/, '')))
  const shown = token ?? `--${names[0]}`
  return `unknown option ${shown}${
    suggestion(
      shown,
      optionSpecs.map(({ name }) => `--${name}`),
    ) || '; see oakum --help'
  }`
}

function invocationOf(spec: CommandSpec, words: readonly string[], args: Arguments): Invocation {
  checkWords(spec, words)
  const switches = new Set<OptionName>()
  const values = new Map<OptionName, readonly string[]>()
  for (const { name, commands } of optionSpecs) {
    const given = args[name]
    if (given === undefined || given === false) continue
    if (!commands.includes(spec.name))
      throw new UsageError(
        `${spec.name} does not take --${name}; ${commands.join(', ')} ${commands.length === 1 ? 'does' : 'do'}`,
      )
    if (given === true) switches.add(name)
    else
      values.set(
        name,
        (Array.isArray(given) ? given : [given]).map((value) => nonEmpty(name, String(value))),
      )
  }
  return { command: spec.name, positionals: words, switches, values }
}

function checkWords({ name, positionals: takes }: CommandSpec, words: readonly string[]): void {
  const places = takes.split(' ').filter(Boolean)
  const missing = places.find((place, index) => place.startsWith('<') && words[index] === undefined)
  if (missing !== undefined) throw new UsageError(`${name} needs ${missing}`)
  const extra = /\.\.[\]>]/.test(takes) ? undefined : words[places.length]
  if (extra !== undefined)
    throw new UsageError(`${name} takes ${takes || 'no words'}: what is "${extra}"?`)
  if (words.includes('')) throw new UsageError(`${name} was given an empty word`)
}

function nonEmpty(name: string, value: string): string {
  if (value === '') throw new UsageError(`--${name} needs a value`)
  return value
}
