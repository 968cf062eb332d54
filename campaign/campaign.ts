/** Runs cases until the time is over. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { countTrial, type Figures } from './figures.ts'
import type { Next } from './schedule.ts'
import { type Surroundings, Trial } from './trial.ts'

export interface Campaign {
  readonly cases: Iterator<Next, void>
  readonly surroundings: Surroundings
  readonly figures: Figures
  readonly folder: string
  readonly jobs: number
  readonly keep: boolean
  /** False when no further case is to start. */
  readonly goesOn: () => boolean
  /** Prints the steps of each case. */
  readonly print?: (line: string) => void
  readonly onFailed: (next: Next, trial: Trial) => void
}

/** Runs cases in turns of `jobs` at the same time. */
export async function runCampaign(campaign: Campaign): Promise<void> {
  const worker = async (): Promise<void> => {
    while (campaign.goesOn()) {
      const { value: next } = campaign.cases.next()
      if (next === undefined) return
      await runCase(campaign, next)
    }
  }
  await Promise.all(Array.from({ length: campaign.jobs }, worker))
}

async function runCase(
  { surroundings, figures, folder, keep, print, onFailed }: Campaign,
  next: Next,
): Promise<void> {
  const { kind, seed } = next
  const path = join(folder, `${kind.name}-${seed}`)
  mkdirSync(path, { recursive: true })
  const trial = new Trial(seed, path, surroundings, print)
  try {
    await kind.run(trial)
  } catch (error) {
    trial.fail(
      'the campaign itself',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    )
  }
  countTrial(figures, kind, trial)
  if (trial.failures.length > 0) onFailed(next, trial)
  if (!(keep && trial.failures.length > 0))
    rmSync(path, { recursive: true, force: true, maxRetries: 3 })
}
