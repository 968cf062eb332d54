/** What a campaign has tried, and how it came out. */
import type { Failure, Kind, Trial } from './trial.ts'

interface KindFigures {
  readonly kind: string
  readonly tries: string
  tried: number
  failed: number
  /** Failed cases, as far as they are kept. */
  readonly failures: FailedCase[]
}

interface FailedCase {
  readonly seed: number
  readonly checks: readonly Failure[]
  readonly steps: readonly string[]
}

export interface Figures {
  readonly date: string
  readonly node: string
  readonly git: string
  readonly firstSeed: number
  minutes: number
  runs: number
  /** Foreign git directories that were scanned as they are. */
  foreign: number
  /** Cases in which Oakum said incomplete, and git had no complaint. */
  cautious: number
  interrupted: boolean
  readonly kinds: readonly KindFigures[]
  /** Number of cases for each mutation, reader and repository. */
  readonly tags: Record<string, number>
}

/** Failures that are listed; the rest is counted. */
const MAX_KEPT_FAILURES = 200

export function emptyFigures(
  kinds: readonly Kind[],
  facts: Pick<Figures, 'node' | 'git' | 'firstSeed'>,
): Figures {
  return {
    date: new Date().toISOString().slice(0, 10),
    ...facts,
    minutes: 0,
    runs: 0,
    foreign: 0,
    cautious: 0,
    interrupted: false,
    kinds: kinds.map(({ name, tries }) => ({
      kind: name,
      tries,
      tried: 0,
      failed: 0,
      failures: [],
    })),
    tags: {},
  }
}

export function countTrial(figures: Figures, kind: Kind, trial: Trial): void {
  const row = figures.kinds.find((candidate) => candidate.kind === kind.name)
  if (row === undefined) throw new Error(`no figures for ${kind.name}`)
  row.tried += 1
  figures.runs += trial.steps.filter((step) => step.startsWith('oakum ')).length
  for (const tag of trial.tags) {
    if (tag.startsWith('foreign: ')) figures.foreign += 1
    else if (tag === 'cautious') figures.cautious += 1
    else figures.tags[tag] = (figures.tags[tag] ?? 0) + 1
  }
  if (trial.failures.length === 0) return
  row.failed += 1
  if (row.failures.length < MAX_KEPT_FAILURES)
    row.failures.push({ seed: trial.seed, checks: [...trial.failures], steps: [...trial.steps] })
}

export function hasFailures(figures: Figures): boolean {
  return figures.kinds.some(({ failed }) => failed > 0)
}

/** The figures as text for a terminal. */
export function figuresText(figures: Figures): string {
  const lines = figures.kinds.map(
    ({ kind, tried, failed }) =>
      `${kind.padEnd(14)} tried ${String(tried).padStart(5)}   survived ${String(tried - failed).padStart(5)}   failed ${String(failed).padStart(4)}`,
  )
  const failures = figures.kinds.flatMap(({ kind, failures: kept }) =>
    kept.map(
      ({ seed, checks }) =>
        `${kind} --seed ${seed}: ${[...new Set(checks.map(({ check }) => check))].join(', ')}: ${checks[0]?.detail ?? ''}`,
    ),
  )
  return [
    `${figures.interrupted ? 'Interrupted. ' : ''}${figures.minutes.toFixed(1)} minutes, ${figures.runs} runs of Oakum, ${figures.foreign} foreign git directories, ${figures.cautious} cases incomplete without a complaint of git`,
    ...lines,
    ...(failures.length === 0
      ? []
      : ['', 'Failures (--only <kind> --seed <n> repeats one):', ...failures]),
    '',
  ].join('\n')
}
