/** Parses a command line into a request, or throws one UsageError. The only importer of yargs. */
import yargs, { type Argv } from 'yargs'
import { UsageError } from '../../model/errors.ts'
import { suggestion } from '../../model/suggestion.ts'
import { type CommandName, type CommandSpec, commandSpecs } from './commands.ts'
import type { OptionSpec } from './option-spec.ts'
import { type OptionName, optionSpecs } from './options.ts'

declare module 'yargs' {
  // Missing from @types/yargs 17; in yargs since 17.7.
  interface Argv<T> {
    usageConfiguration(configuration: { readonly 'hide-types': boolean }): this
  }
}

/** A command with its arguments and options. */
export interface Invocation {
  readonly command: CommandName
  /** Arguments after the command, in order. */
  readonly positionals: readonly string[]
  readonly switches: ReadonlySet<OptionName>
  /** Values of the options that take one, in order. */
  readonly values: ReadonlyMap<OptionName, readonly string[]>
}

export type ParsedCommandLine =
  | { readonly kind: 'run'; readonly invocation: Invocation }
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'version' }

type ParsedArguments = Readonly<Record<string, unknown>>

/** Error messages of yargs, and the one line that replaces each. */
const yargsMessages = {
  'Argument: %s, Given: %s, Choices: %s': '--%s cannot be %s; it takes %s',
  'Not enough arguments following: %s': '--%s needs a value',
  'Argument unexpected for: %s': '--%s takes no value',
}

/** Turns off every conversion of yargs: `--no-x` is an option of its own, and numbers stay text. */
const parserConfiguration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'short-option-groups': false,
}

/** Parses a command line; throws a UsageError with a message of one line. */
export function parseCommandLine(argv: readonly string[]): ParsedCommandLine {
  const args: ParsedArguments = createParser(expandBareChoices(argv)).parseSync()
  const words = Array.isArray(args['_']) ? args['_'].map(String) : []
  const isHelpCommand = words[0] === 'help'
  const name = isHelpCommand ? words[1] : words[0]
  const spec = commandSpecs.find((command) => command.name === name)
  if (name !== undefined && spec === undefined) {
    const names = commandSpecs.map((command) => command.name)
    throw new UsageError(
      `unknown command ${name}${suggestion(name, names) || '; see oakum --help'}`,
    )
  }
  if (isHelpCommand || args['help'] === true) return { kind: 'help', command: spec?.name }
  if (args['version'] === true) return { kind: 'version' }
  if (spec === undefined) throw new UsageError('no command given; see oakum --help')
  return { kind: 'run', invocation: invocationOf(spec, words.slice(1), args) }
}

/** Gives `--verify` without a value its first choice, so that the next token is not its value. */
function expandBareChoices(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return argv.map((token, at) => {
    if (end !== -1 && at >= end) return token
    const option = optionSpecs.find(({ name, kind }) => kind === 'choice' && token === `--${name}`)
    return option === undefined ? token : `${token}=${option.choices?.[0] ?? ''}`
  })
}

/** Returns the help of a command, or of Oakum, in at most 80 columns. */
export function helpFor(command: CommandName | undefined): Promise<string> {
  const parser = createParser(command === undefined ? [] : [command])
  for (const spec of optionSpecs)
    parser.group(spec.name, spec.group).describe(spec.name, describeOption(spec, command))
  for (const spec of commandSpecs)
    parser.command(spec.name, spec.help, (commandParser) => describeCommand(commandParser, spec))
  return parser.getHelp()
}

/**
 * Creates a yargs parser that knows all options.
 *
 * The `help`, `version` and `completion` of yargs are off. `.help()` takes a last argument `help`
 * for a request for help, and `.completion()` does so for `completion`, so `oakum scan help` would
 * scan nothing and exit 0. Commands are plain arguments to yargs, except in `helpFor`: yargs would
 * print a command's help whenever the command runs.
 */
function createParser(argv: readonly string[]): Argv {
  const parser = yargs([...argv])
    .scriptName('oakum')
    .usage('Usage: $0 <command> [options]')
    .locale('en')
    .updateStrings(yargsMessages)
    .help(false)
    .version(false)
    .exitProcess(false)
    .strictOptions()
    .parserConfiguration(parserConfiguration)
    .usageConfiguration({ 'hide-types': true })
    .wrap(80)
    .fail((message, error) => {
      // Any error but a complaint of yargs about the command line is a bug of Oakum.
      throw isYargsComplaint(error) ? new UsageError(complaintText(message, argv)) : error
    })
  // One call for all options: yargs takes as long for each call as for all options together.
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

function isSwitch({ kind }: OptionSpec): boolean {
  return kind === 'switch'
}

/** Hides the options of other commands, and sets the usage of this one. */
function describeCommand(parser: Argv, { name, positionals, usages, help }: CommandSpec): Argv {
  for (const option of optionSpecs) if (!option.commands.includes(name)) parser.hide(option.name)
  const [first = '', ...others] = usages ?? [positionals]
  const lines = [
    `Usage: $0 ${name} ${first}`,
    ...others.map((usage) => `or: $0 ${name} ${usage}`),
    '',
    `${help}.`,
  ]
  return parser.usage(lines.join('\n'))
}

/** Appends the choices and the default to an option's help. */
function describeOption(spec: OptionSpec, command: CommandName | undefined): string {
  const choices = (command && spec.choicesFor?.[command]) ?? spec.choices
  const notes = [
    choices?.join(', '),
    spec.defaultText === undefined ? undefined : `default ${spec.defaultText}`,
  ]
    .filter(Boolean)
    .join('; ')
  return notes === '' ? spec.help : `${spec.help} (${notes})`
}

/** True for an error of yargs about the command line: a YError, or none besides the message. */
function isYargsComplaint(error: Error | undefined): boolean {
  return error === undefined || error.name === 'YError'
}

/** Turns a message of yargs into one line, and names the nearest option for an unknown one. */
function complaintText(message: string | null, argv: readonly string[]): string {
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
  const options = optionSpecs.map(({ name }) => `--${name}`)
  return `unknown option ${shown}${suggestion(shown, options) || '; see oakum --help'}`
}

function invocationOf(
  spec: CommandSpec,
  positionals: readonly string[],
  args: ParsedArguments,
): Invocation {
  checkPositionals(spec, positionals)
  const switches = new Set<OptionName>()
  const values = new Map<OptionName, readonly string[]>()
  for (const { name, commands } of optionSpecs) {
    const value = args[name]
    if (value === undefined || value === false) continue
    if (!commands.includes(spec.name)) {
      const verb = commands.length === 1 ? 'does' : 'do'
      throw new UsageError(`${spec.name} does not take --${name}; ${commands.join(', ')} ${verb}`)
    }
    if (value === true) switches.add(name)
    else {
      const texts = Array.isArray(value) ? value : [value]
      values.set(
        name,
        texts.map((text) => requireText(name, String(text))),
      )
    }
  }
  return { command: spec.name, positionals, switches, values }
}

/** Throws a UsageError for missing, superfluous and empty arguments. */
function checkPositionals(spec: CommandSpec, positionals: readonly string[]): void {
  const { name, required } = spec
  const places = spec.positionals.split(' ').filter(Boolean)
  const missing = places.find(
    (place, index) => place.startsWith('<') && positionals[index] === undefined,
  )
  if (missing !== undefined) throw new UsageError(`${name} needs ${required ?? missing}`)
  const extra = /\.\.[\]>]/.test(spec.positionals) ? undefined : positionals[places.length]
  if (extra !== undefined)
    throw new UsageError(
      `${name} takes ${spec.positionals || 'no arguments'}; unexpected "${extra}"`,
    )
  if (positionals.includes('')) throw new UsageError(`${name} was given an empty argument`)
}

function requireText(name: string, value: string): string {
  if (value === '') throw new UsageError(`--${name} needs a value`)
  return value
}
