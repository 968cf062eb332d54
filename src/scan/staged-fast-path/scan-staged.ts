/**
 * The fast path of hooks for a commit without findings: it starts one git process, reads loose
 * objects from their files, checks each with `FastMatcher`, and loads no code of other commands.
 * `scan({ name: 'staged' })` gives the same result and takes over wherever there is more to report.
 */
import { HEAD_BYTES, isArchive } from '../archives/format.ts'
import { fileTypeOf } from '../env-files/file-names.ts'
import { gitEnvironment } from '../../git/commands/environment.ts'
import { readGitSync } from '../../git/commands/run.ts'
import type { Origin, SourceBlob, Suppressed } from '../../model/model.ts'
import type { ScanResult } from '../../model/outcome.ts'
import { createWasmKernel } from '../../git/packfile/walk/kernel-wasm.ts'
import { type LooseReading, readLooseWith } from '../../git/packfile/loose-object.ts'
import { noPolicy } from '../../model/policy.ts'
import { isLfsPointer } from '../sources/lfs-pointer.ts'
import { diffIndexArgs, parseStagedChanges } from '../sources/staged-changes.ts'
import { instantiate, type WasmInstance } from '../../git/wasm/instantiate.ts'
import { FastMatcher } from './fast-matcher.ts'
import { type FullScanNeeded, isFullScanNeeded } from './full-scan-needed.ts'
import { looseObjectFolder } from './loose-store.ts'
import { digest, ruleTable, ruleCount } from './rule-table.ts'

/** Size limit of a blob, in bytes. The full scan reads larger blobs in windows. */
const MAX_BLOB_BYTES = 4 << 20

/** Memory limit of the WebAssembly kernel, in bytes: one blob, compressed and inflated. */
const MAX_KERNEL_BYTES = 16 << 20

interface FastPathRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

/** The new objects of the index: blobs by id, and the names that are new. */
type StagedObjects = Pick<ReturnType<typeof parseStagedChanges>, 'objects' | 'names'>

/** Returns the result of a scan that read everything and found nothing, else why a full scan must run. */
export async function scanStaged({
  cwd,
  env,
  signal,
}: FastPathRequest): Promise<ScanResult | FullScanNeeded> {
  const startTime = Date.now()
  const folder = looseObjectFolder(cwd, env)
  if (typeof folder !== 'string') return folder
  const staged = readIndexChanges(cwd, env)
  if (isFullScanNeeded(staged)) return staged
  const instance = instantiate()
  if (instance === undefined)
    return { because: 'this Node lacks WebAssembly with SIMD, or memory for it' }
  const blobs = readStagedBlobs(staged.objects, folder, instance)
  if (isFullScanNeeded(blobs)) return blobs
  const suppressed = await suppressedAmong(
    [...staged.names, ...blobs],
    new FastMatcher(ruleTable, instance),
    signal,
  )
  if (isFullScanNeeded(suppressed)) return suppressed
  if (signal.aborted) return { because: 'the scan was interrupted' }
  return cleanResult(blobs, suppressed, Date.now() - startTime)
}

/** Asks git what the index adds to HEAD. */
function readIndexChanges(
  cwd: string,
  env: FastPathRequest['env'],
): StagedObjects | FullScanNeeded {
  const output = readGitSync({
    cwd,
    env: gitEnvironment(env, {
      configuration: 'none',
      ambientRepository: true,
      safeDirectories: [],
    }),
    args: diffIndexArgs('HEAD'),
  })
  if (output === undefined)
    return { because: 'git diff-index HEAD failed, as it does before the first commit' }
  const changes = parseStagedChanges(output)
  const [skip] = changes.skips
  return skip === undefined ? changes : { because: `a skip (${skip.reason}) must be reported` }
}

function readStagedBlobs(
  objects: StagedObjects['objects'],
  folder: string,
  instance: WasmInstance,
): readonly SourceBlob[] | FullScanNeeded {
  const kernel = createWasmKernel(instance, MAX_KERNEL_BYTES)
  const blobs: SourceBlob[] = []
  for (const [id, origins] of objects) {
    const blob = looseBlob(readLooseWith(kernel, { id, folder }, MAX_BLOB_BYTES), id, origins)
    if (isFullScanNeeded(blob)) return blob
    blobs.push(blob)
  }
  return blobs
}

/** Returns a loose object as a blob to scan, unless a scan must do more than read its bytes. */
function looseBlob(
  object: LooseReading,
  id: string,
  origins: readonly [Origin, ...Origin[]],
): SourceBlob | FullScanNeeded {
  if (object === undefined || 'damage' in object || object.kind !== 'blob')
    return {
      because: 'a staged blob is no loose object of up to 4 MiB: packed, large, damaged or missing',
    }
  if (isLfsPointer(object.content)) return { because: 'a staged file is a Git LFS pointer' }
  if (isArchive(object.content.subarray(0, HEAD_BYTES)))
    return { because: 'a staged file is an archive' }
  return { id, kind: 'blob', origins, start: 0, bytes: object.content, last: true }
}

/** Returns the suppressed candidates. The engine is loaded only for blobs that may hold some. */
async function suppressedAmong(
  blobs: readonly SourceBlob[],
  matcher: FastMatcher,
  signal: AbortSignal,
): Promise<readonly Suppressed[] | FullScanNeeded> {
  const candidates = blobs.filter((blob) => isReadByName(blob) || !matcher.isQuiet(blob))
  return candidates.length === 0
    ? []
    : (await import('./evaluate-candidates.ts')).suppressedIn(candidates, signal)
}

/** True when a blob's file name selects a reader of entries, such as `.env` or `.npmrc`. */
function isReadByName({ origins }: SourceBlob): boolean {
  return origins.some(
    ({ inName, path }) => !inName && path !== undefined && fileTypeOf(path.text) !== undefined,
  )
}

function cleanResult(
  blobs: readonly SourceBlob[],
  suppressed: readonly Suppressed[],
  durationMs: number,
): ScanResult {
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
      bytes: blobs.reduce((sum, blob) => sum + blob.bytes.length, 0),
      skipped: [],
      rules: { count: ruleCount, digest },
      config: noPolicy.config,
      git: null,
      durationMs,
    },
  }
}
