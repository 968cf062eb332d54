/** A runner for composite actions: as much of GitHub's as action.yml needs, on the file itself. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { projectRoot, runOf } from './oakum.ts'
import { isolatedEnv, temporaryFolder } from './repo.ts'

interface Step {
  readonly id?: string
  readonly name?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

export interface StepInput {
  readonly event: string
  readonly payload: object
  /** The clone that actions/checkout made. */
  readonly workspace: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
}

export interface Command {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

export interface StepResult {
  readonly code: number
  readonly log: string
  /** Commands that the runner obeys: not those between `::stop-commands::`. */
  readonly commands: readonly Command[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** Actions that steps would have used. */
  readonly used: readonly string[]
}

/** The action of this repository. */
export const actionFile = parse(readFileSync(join(projectRoot, 'action.yml'), 'utf8')) as ActionFile

/** Runs the steps one after the other, until one fails. */
export function runComposite({
  event,
  payload,
  workspace,
  inputs = {},
  env = {},
}: StepInput): StepResult {
  const folder = temporaryFolder()
  const given = Object.fromEntries(
    Object.entries(actionFile.inputs).map(([name, input]) => [
      name,
      inputs[name] ?? input.default ?? '',
    ]),
  )
  const outputs: Record<string, Record<string, string>> = {}
  const used: string[] = []
  const file = (name: string): string => join(folder, name)
  for (const name of ['env', 'path', 'summary', 'event.json'])
    writeFileSync(file(name), name === 'event.json' ? JSON.stringify(payload) : '')
  const runner = {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION_PATH: projectRoot,
    GITHUB_WORKSPACE: workspace,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: file('event.json'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_REPOSITORY: 'acme/shop',
    RUNNER_TEMP: folder,
  }
  let [code, out, err] = [0, '', '']
  for (const [at, step] of actionFile.runs.steps.entries()) {
    if (step.if !== undefined && !holds(step.if, outputs)) continue
    if (step.uses !== undefined) {
      used.push(step.uses)
      continue
    }
    if (step.shell !== 'bash') throw new Error('a step that runs something needs shell: bash')
    if (step.run?.includes('${{') ?? true)
      throw new Error('an expression within run is code that somebody else writes')
    const own = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value, given, outputs)]),
    )
    const [script, output] = [file(`step-${at}.sh`), file(`output-${at}`)]
    writeFileSync(script, step.run ?? '')
    writeFileSync(output, '')
    const made = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: workspace,
      env: { ...isolatedEnv, ...runner, GITHUB_OUTPUT: output, ...env, ...own },
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    if (made.error) throw made.error
    if (step.id !== undefined) outputs[step.id] = readOutputs(output)
    ;[code, out, err] = [made.status ?? 255, out + made.stdout, err + made.stderr]
    if (code !== 0) break
  }
  if (readFileSync(file('env'), 'utf8') + readFileSync(file('path'), 'utf8') !== '')
    throw new Error('GITHUB_ENV or GITHUB_PATH was written')
  const summary = readFileSync(file('summary'), 'utf8')
  const results = Object.fromEntries(
    Object.entries(actionFile.outputs).map(([name, { value }]) => [
      name,
      filled(value, given, outputs),
    ]),
  )
  const report =
    results['report'] !== '' && results['report'] !== undefined && existsSync(results['report'])
      ? readFileSync(results['report'], 'utf8')
      : ''
  // Everything that leaves the step is searched for secrets.
  runOf(code, out, [err, summary, report, JSON.stringify(results)].join('\n'))
  return { code, log: out + err, commands: commandsIn(out), outputs: results, summary, used }
}

/** `steps.node.outputs.ready != 'true'` */
function holds(
  condition: string,
  outputs: Readonly<Record<string, Record<string, string>>>,
): boolean {
  const [, step = '', name = '', operator = '', value] =
    /^steps\.(\w+)\.outputs\.([\w-]+) (==|!=) '(\w*)'$/.exec(condition) ?? []
  if (value === undefined) throw new Error(`no such condition is known: ${condition}`)
  return ((outputs[step]?.[name] ?? '') === value) === (operator === '==')
}

function filled(
  text: string,
  inputs: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, Record<string, string>>>,
): string {
  return text.replaceAll(
    /\$\{\{ (inputs|steps)\.([\w-]+)(?:\.outputs\.([\w-]+))? \}\}/g,
    (_, kind: string, first: string, second: string | undefined) => {
      const value = kind === 'inputs' ? inputs[first] : outputs[first]?.[second ?? '']
      if (kind === 'inputs' && value === undefined) throw new Error(`no input is called ${first}`)
      return value ?? ''
    },
  )
}

/** `name=value`, or `name<<delimiter`, lines, and the delimiter. */
function readOutputs(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8').split('\n')
  const outputs: Record<string, string> = {}
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name = '', sign = '', rest = ''] = /^([\w-]+)(=|<<)(.*)$/.exec(line) ?? []
    if (name === '') continue
    outputs[name] = sign === '=' ? rest : lines.splice(0, lines.indexOf(rest)).join('\n')
    if (sign === '<<') lines.shift()
  }
  return outputs
}

/** `::error file=a,line=3::text`: what the runner takes for a command. */
function commandsIn(log: string): readonly Command[] {
  const commands: Command[] = []
  let stopped: string | undefined
  for (const line of log.split('\n')) {
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined
      continue
    }
    const [, name = '', listed = '', message = ''] =
      /^\s*::([\w-]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? []
    if (name === 'stop-commands') stopped = message
    else if (name !== '')
      commands.push({
        name,
        message: unescaped(message),
        properties: Object.fromEntries(
          listed
            .split(',')
            .filter(Boolean)
            .map((pair) => [
              pair.slice(0, pair.indexOf('=')),
              unescaped(pair.slice(pair.indexOf('=') + 1)),
            ]),
        ),
      })
  }
  if (stopped !== undefined) throw new Error('commands were stopped and never allowed again')
  return commands
}

function unescaped(text: string): string {
  return text
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%25', '%')
}
