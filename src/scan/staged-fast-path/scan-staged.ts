/**
 * The way of a hook through a commit without findings, at a fraction of the cost: one git, objects
 * read from their files, a glance at each, and none of what other commands need. Twin: `scan({
 * name: 'staged' })`, which takes over wherever there is more to say.
 */
import { HEAD_BYTES, isContainer } from '../archives/format.ts'
import { knownFile } from '../env-files/file-names.ts'
import { gitEnvironment } from '../../git/commands/environment.ts'
import { readGitSync } from '../../git/commands/run.ts'
import type { Origin, SourceBlob, Suppressed } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { createWasmKernel } from '../../git/packfile/walk/kernel-wasm.ts'
import { type LooseObject, readLooseWith } from '../../git/packfile/loose-object.ts'
import { noPolicy } from '../../model/policy.ts'
import { isPointer } from '../sources/lfs-pointer.ts'
import { diffIndex, stagedIn } from '../sources/staged-changes.ts'
import { instantiate } from '../../git/wasm/instantiate.ts'
import { FastMatcher } from './fast-matcher.ts'
import { looseFolder } from './loose-store.ts'
import { digest, ruleTable, ruleCount } from './rule-table.ts'

/** Larger blobs are read in windows, as git gives them. */
const MAX_BYTES = 4 << 20

/** For one of them, packed and unpacked. */
const MAX_MEMORY = 16 << 20

interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/**
 * The result where nothing was found and everything read; undefined where the whole program has to
 * look.
 */
export async function scanStaged({ cwd, env, signal }: Place): Promise<ScanResult | undefined> {
  const started = Date.now()
  const folder = looseFolder(cwd, env)
  if (folder === undefined) return undefined
  const answer = readGitSync({
    cwd,
    env: gitEnvironment(env, {
      configuration: 'none',
      ambientRepository: true,
      safeDirectories: [],
    }),
    args: diffIndex('HEAD'),
  })
  if (answer === undefined) return undefined
  const { objects, names, skips } = stagedIn(answer)
  const instance = instantiate()
  if (skips.length > 0 || instance === undefined) return undefined
  const kernel = createWasmKernel(instance, MAX_MEMORY)
  const blobs = Array.from(objects, ([id, origins]) =>
    looseBlob(readLooseWith(kernel, { id, folder }, MAX_BYTES), id, origins),
  )
  if (!blobs.every((blob) => blob !== undefined)) return undefined

  const suppressed = await suppressedAmong(
    [...names, ...blobs],
    new FastMatcher(ruleTable, instance),
    signal,
  )
  if (suppressed === undefined || signal.aborted) return undefined
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes.length, 0)
  return {
    findings: [],
    suppressed,
    receipt: {
      complete: true,
      target: 'staged',
      range: null,
      reader: 'loose',
      commits: 0,
      trees: 0,
      tags: 0,
      blobs: blobs.length,
      bytes,
      skipped: [],
      rules: { count: ruleCount, digest },
      config: noPolicy.config,
      git: null,
      durationMs: Date.now() - started,
    },
  }
}

/** What is only worth a glance takes no engine. */
async function suppressedAmong(
  blobs: readonly SourceBlob[],
  glance: FastMatcher,
  signal: AbortSignal,
): Promise<readonly Suppressed[] | undefined> {
  const doubtful = blobs.filter((blob) => isReadByName(blob) || !glance.isQuiet(blob))
  return doubtful.length === 0
    ? []
    : (await import('./evaluate-candidates.ts')).suppressedIn(doubtful, signal)
}

function isReadByName({ origins }: SourceBlob): boolean {
  return origins.some(
    ({ inName, path }) => !inName && path !== undefined && knownFile(path.text) !== undefined,
  )
}

/** A new blob as git stores it; undefined for all that takes more than to read it. */
function looseBlob(
  object: LooseObject | undefined,
  id: string,
  origins: readonly [Origin, ...Origin[]],
): SourceBlob | undefined {
  if (
    object?.kind !== 'blob' ||
    isPointer(object.content) ||
    isContainer(object.content.subarray(0, HEAD_BYTES))
  )
    return undefined
  return { id, kind: 'blob', origins, start: 0, bytes: object.content, last: true }
}
