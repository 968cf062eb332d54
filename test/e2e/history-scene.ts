/** A secret planted somewhere in a repository's past, and what `oakum history` must say of it. */
import { expect } from 'vitest'
import type { Pair } from '../support/credentials.ts'
import { awsPair, awsPairWithoutSlash } from '../support/credentials.ts'
import type { AttributionJson, OakumRun, OriginJson } from '../support/oakum.ts'
import { oakumJsonHere as oakumJson } from '../support/in-process.ts'
import type { Repo } from '../support/repo.ts'
import { expectOnlyPair, secretPlace, spanText } from './pair-in-report.ts'

interface Planted {
  readonly repo: Repo
  /** Kinds of the objects that hold the secret; default one blob. */
  readonly holders?: readonly string[]
  /** How the secret's bytes stand there; default as they are. */
  readonly encode?: (text: string) => Buffer
  /** What the secret's first origin must hold. */
  readonly place?: Partial<OriginJson>
  readonly first?: string
  readonly inHead?: boolean
  readonly exposure?: 'published' | 'pending' | 'local'
  /** Refs that must be named. */
  readonly refs?: readonly string[]
}

export interface Scene {
  /** Reads on after "finds a pair in". */
  readonly name: string
  readonly withoutSlash?: true
  readonly plant: (pair: Pair) => Planted
}

/**
 * Plants, makes sure with git alone that the secret is where the scene says and nowhere else,
 * scans, compares.
 */
export async function playScene(
  scene: Scene,
  seed: number,
  args: readonly string[] = [],
): Promise<OakumRun> {
  const pair = scene.withoutSlash ? awsPairWithoutSlash(seed) : awsPair(seed)
  const planted = scene.plant(pair)
  const { repo, holders = ['blob'], encode = Buffer.from } = planted
  expect(repo.holders(encode(pair.secret)).map(({ kind }) => kind)).toEqual(holders)

  const run = await oakumJson(['history', ...args], { cwd: repo.path })
  const finding = expectOnlyPair(run, pair)
  const place = secretPlace(finding)
  if (planted.place) expect(place).toMatchObject(planted.place)
  if (holders[0] === 'blob' && !planted.encode)
    expect(spanText(repo, place) === pair.secret).toBe(true)
  expectAttribution(finding.attribution, planted)
  expect(run.code).toBe(1)
  return run
}

function expectAttribution(
  attribution: AttributionJson | null,
  { first, inHead, exposure, refs = [] }: Planted,
): void {
  if (first)
    expect(attribution?.first).toMatchObject({
      commit: first,
      author: 'Ada Author <ada@example.com>',
    })
  // What no ref leads to has no attribution: it is local and not in HEAD.
  if (inHead !== undefined) expect(attribution?.inHead ?? false).toBe(inHead)
  if (exposure) expect(attribution?.exposure ?? 'local').toBe(exposure)
  expect(attribution?.refs ?? []).toEqual(expect.arrayContaining([...refs]))
}
