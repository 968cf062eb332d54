/** One case: its seed, its folder, and what was done and seen in it. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from './random.ts'

export interface Failure {
  /** What Oakum broke: `hang`, `crash`, `secret printed`, … */
  readonly check: string
  readonly detail: string
}

/** A secret that a case planted, and the object that holds it where that is known. */
export interface Planted {
  readonly id: string
  readonly secret: string
  readonly blob?: string
}

/** What all cases share. */
export interface Surroundings {
  readonly program: string
  readonly caseSeconds: number
  /** Git directories of other projects. */
  readonly foreign: readonly string[]
  /** Makes or copies one of the campaign's own repositories. */
  readonly generated: (name: string, to: string) => readonly Planted[]
  readonly generatedNames: readonly string[]
}

export class Trial {
  readonly random: Random
  readonly seed: number
  readonly folder: string
  readonly surroundings: Surroundings
  readonly failures: Failure[] = []
  readonly steps: string[] = []
  /** Names of what was tried, counted in the figures: directories, mutations, readers. */
  readonly tags = new Set<string>()
  readonly planted: Planted[] = []
  readonly #print: ((line: string) => void) | undefined

  constructor(
    seed: number,
    folder: string,
    surroundings: Surroundings,
    print?: (line: string) => void,
  ) {
    this.seed = seed
    this.random = new Random(seed)
    this.folder = folder
    this.surroundings = surroundings
    this.#print = print
    for (const name of ['home', 'tmp']) mkdirSync(join(folder, name), { recursive: true })
  }

  /** A path inside the folder of this case. */
  path(...names: readonly string[]): string {
    return join(this.folder, ...names)
  }

  did(step: string): void {
    this.steps.push(step)
    this.#print?.(`  ${step}`)
  }

  fail(check: string, detail: string): void {
    this.failures.push({ check, detail })
    this.#print?.(`  FAILED ${check}: ${detail}`)
  }
}

/** A kind of case. */
export interface Kind {
  readonly name: string
  /** One line for the table: what it tries. */
  readonly tries: string
  /** How many of its cases run for each round of all kinds. */
  readonly weight: number
  readonly run: (trial: Trial) => Promise<void>
  /** The number of different cases where that is bounded; all are run before one is run again. */
  readonly count?: (surroundings: Surroundings) => number
}
