/** The command line of the campaign. */
import { parseArgs } from 'node:util'

export const usage = `Usage: npm run campaign -- [option..]
       npm run campaign -- lay-out <clone>... --to <folder>
       npm run campaign -- table <file>

Damages repositories and feeds Oakum hostile input, and compares what Oakum says with git's own
word. Prints what was tried, survived and failed by kind, and exits 1 when anything failed.

  --minutes <n>     time to try cases for; 1 unless told
  --seed <n>        first seed of every kind; 1 unless told
  --only <kind>     only this kind; without --minutes only the case of --seed, printed step by step
  --corpus <dir>    folder in which git directories and archives of them are; repeatable
  --json <file>     also write the figures there
  --jobs <n>        cases at the same time; half of the cores unless told
  --case-seconds <n>  time that one run of Oakum may take; 20 unless told
  --oakum <file>    the program to try; dist/cli/bin.cjs unless told
  --keep            leave the folders of failed cases in place

lay-out copies the git directories of clones of other projects, also from archives in them, into
plain folders for --corpus. table writes the figures of a --json file into docs/reliability.md.
`

export interface Options {
  readonly minutes: number
  readonly seed: number
  readonly only: string | undefined
  /** Tries one case only, and prints its steps. */
  readonly single: boolean
  readonly corpus: readonly string[]
  readonly json: string | undefined
  readonly jobs: number
  readonly caseSeconds: number
  readonly oakum: string | undefined
  readonly keep: boolean
}

export interface LayOut {
  readonly clones: readonly string[]
  readonly to: string
}

/** Reads the arguments of a campaign; throws an error with one line when they are wrong. */
export function readOptions(
  argv: readonly string[],
  kinds: readonly string[],
  cores: number,
): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      corpus: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      jobs: { type: 'string', default: String(Math.max(1, cores >> 1)) },
      'case-seconds': { type: 'string', default: '20' },
      oakum: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  })
  if (values.only !== undefined && !kinds.includes(values.only))
    throw new Error(`--only: no kind "${values.only}"; there are ${kinds.join(', ')}`)
  return {
    minutes: numberOf('minutes', values.minutes ?? '1'),
    seed: wholeOf('seed', values.seed),
    only: values.only,
    single: values.only !== undefined && values.minutes === undefined,
    corpus: values.corpus,
    json: values.json,
    jobs: wholeOf('jobs', values.jobs),
    caseSeconds: numberOf('case-seconds', values['case-seconds']),
    oakum: values.oakum,
    keep: values.keep,
  }
}

/** Reads the arguments of `lay-out`. */
export function readLayOut(argv: readonly string[]): LayOut {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: { to: { type: 'string' } },
    allowPositionals: true,
  })
  if (values.to === undefined || positionals.length === 0)
    throw new Error('lay-out needs clones and --to <folder>')
  return { clones: positionals, to: values.to }
}

function numberOf(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name}: "${text}" is no number above 0`)
  return value
}

function wholeOf(name: string, text: string): number {
  const value = numberOf(name, text)
  if (!Number.isSafeInteger(value)) throw new Error(`--${name}: "${text}" is no whole number`)
  return value
}
