/** The campaign's entry: reads the arguments, and runs what they ask for. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runCampaign } from './campaign.ts'
import { foreignDirectories } from './corpus/foreign.ts'
import { GeneratedRepositories } from './corpus/generated.ts'
import { layOut } from './corpus/lay-out.ts'
import { emptyFigures, type Figures, figuresText, hasFailures } from './figures.ts'
import { kinds } from './kinds/all.ts'
import { type Options, readLayOut, readOptions, usage } from './options.ts'
import { schedule } from './schedule.ts'
import { writeTable } from './table.ts'
import type { Surroundings } from './trial.ts'

/** Runs a command line; `root` is the top of this project. */
export async function main(argv: readonly string[], root: string): Promise<number> {
  const [word, ...rest] = argv
  try {
    if (word === '--help') {
      console.log(usage)
      return 0
    }
    if (word === 'lay-out') {
      const { clones, to } = readLayOut(rest)
      console.log(`${layOut(clones, to)} git directories in ${to}`)
      return 0
    }
    if (word === 'table') {
      writeTable(resolve(rest[0] ?? ''), join(root, 'docs/reliability.md'))
      return 0
    }
    const names = kinds.map(({ name }) => name)
    return await campaign(readOptions(argv, names, availableParallelism()), root)
  } catch (error) {
    console.error(`campaign: ${error instanceof Error ? error.message : String(error)}`)
    return 2
  }
}

async function campaign(options: Options, root: string): Promise<number> {
  const program = resolve(options.oakum ?? join(root, 'dist/cli/bin.cjs'))
  if (!existsSync(program)) throw new Error(`${program} is missing: run "npm run compile" first`)
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'oakum-campaign-')))
  process.once('exit', () => {
    if (!options.keep) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  const chosen = kinds.filter(({ name }) => options.only === undefined || options.only === name)
  const surroundings = surroundingsOf(options, program, folder)
  const git = spawnSync('git', ['version'], { encoding: 'utf8' }).stdout.trim()
  const figures = emptyFigures(chosen, { node: process.version, git, firstSeed: options.seed })
  const started = performance.now()
  const interrupt = (): void => {
    // A second interrupt ends the campaign at once.
    if (figures.interrupted) process.exit(130)
    figures.interrupted = true
    console.log('Interrupted: waits for the cases that run.')
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  const minutes = (): number => (performance.now() - started) / 60_000
  let count = 0
  await runCampaign({
    cases: schedule(chosen, options.seed, surroundings),
    surroundings,
    figures,
    folder,
    jobs: options.single ? 1 : options.jobs,
    keep: options.keep,
    goesOn: () =>
      !figures.interrupted && (options.single ? count++ === 0 : minutes() < options.minutes),
    ...(options.single && { print: console.log }),
    onFailed: ({ kind, seed }, trial) => {
      for (const { check, detail } of trial.failures)
        console.log(`${kind.name} --seed ${seed}: ${check}: ${detail}`)
      if (options.keep) console.log(`  kept in ${trial.folder}`)
    },
  })
  figures.minutes = minutes()
  return conclude(figures, options)
}

function conclude(figures: Figures, options: Options): number {
  console.log(figuresText(figures))
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(figures, undefined, 2)}\n`)
  return hasFailures(figures) ? 1 : 0
}

function surroundingsOf(options: Options, program: string, folder: string): Surroundings {
  const generated = new GeneratedRepositories(join(folder, 'generated'))
  return {
    program,
    caseSeconds: options.caseSeconds,
    foreign: foreignDirectories(options.corpus, join(folder, 'unpacked')),
    generated: (name, to) => generated.copy(name, to),
    generatedNames: generated.names,
  }
}
