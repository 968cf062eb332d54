/**
 * The way of a hook through a commit without findings, at a fraction of the cost: one git, objects read from their files,
 * and none of what other commands need. Twin: `scan({ name: 'staged' })`, which takes over wherever there is more to say.
 */
import { Collector } from '../collect.ts'
import { HEAD_BYTES, isContainer } from '../containers/format.ts'
import { createEngine } from '../engine.ts'
import { events } from '../events.ts'
import { tablePrefilter } from '../detect/table-prefilter.ts'
import { gitEnvironment } from '../git/environment.ts'
import { readGitAtOnce } from '../git/run.ts'
import type { Batch, Origin, Source, SourceBlob } from '../model.ts'
import type { ScanResult } from '../outcome.ts'
import { readLoose } from '../pack/loose.ts'
import { noPolicy } from '../policy.ts'
import { builtinDefinitions, builtinDigest } from '../rules/builtin.ts'
import { compileRule } from '../rules/compile.ts'
import { isPointer } from '../sources/lfs-pointer.ts'
import { diffIndex, stagedChanges } from '../sources/staged-changes.ts'
import { looseFolder } from './loose-store.ts'

/** Larger blobs are read in windows, as git gives them. */
const MOST_BYTES = 4 << 20

interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** The result where nothing was found and everything read; undefined where the whole program has to look. */
export async function scanStaged({ cwd, env, signal }: Place): Promise<ScanResult | undefined> {
  const started = performance.now()
  const folder = looseFolder(cwd, env)
  if (folder === undefined) return undefined
  const answer = readGitAtOnce({ cwd, env: gitEnvironment(env, { configuration: 'none', ambientPlace: true, safeDirectories: [] }), args: diffIndex('HEAD') })
  if (answer === undefined) return undefined
  const { objects, names, skips } = await stagedChanges(pieces(answer))
  if (skips.length > 0) return undefined

  const blobs = Array.from(objects, ([id, origins]) => looseBlob(folder, id, origins))
  if (!blobs.every((blob) => blob !== undefined)) return undefined
  const rules = builtinDefinitions.map(compileRule)
  const engine = createEngine(rules, { now: Date.now(), prefilter: tablePrefilter })
  const collector = new Collector()
  for await (const event of events(sourceOf([...names, ...blobs]), engine, signal)) {
    if (event.type === 'finding' || event.type === 'skipped') return undefined
    collector.record(event)
  }
  if (signal.aborted) return undefined
  return collector.result([], {
    target: 'staged', range: null, reader: 'loose', rules: { count: rules.length, digest: builtinDigest }, config: noPolicy.config, git: null,
    durationMs: Math.round(performance.now() - started),
  })
}

/** A new blob as git stores it; undefined for all that takes more than to read it. */
function looseBlob(folder: string, id: string, origins: readonly [Origin, ...Origin[]]): SourceBlob | undefined {
  const object = readLoose({ id, folder }, MOST_BYTES)
  if (object?.kind !== 'blob' || isPointer(object.content) || isContainer(object.content.subarray(0, HEAD_BYTES))) return undefined
  return { id, kind: 'blob', origins, start: 0, bytes: object.content, last: true }
}

function sourceOf(blobs: readonly SourceBlob[]): Source {
  return {
    async *blobs(): AsyncGenerator<Batch> {
      yield blobs
    },
  }
}

async function* pieces(answer: Buffer): AsyncGenerator<Buffer> {
  yield answer
}
