/** Scans the work tree and, on request, the history: for `baseline` and `allow stale`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import type { Finding } from '../../model/model.ts'
import type { Policy } from '../../model/policy.ts'
import type { ScanOptions, Target } from '../../model/target.ts'
import type { Overrides } from '../commands/scan.ts'
import type { Io } from '../process/io.ts'

interface FilesAndHistory {
  /** Findings in the files git would commit; outside of a repository, in all files. */
  readonly files: readonly Finding[]
  /** Findings in any object; empty when history was not requested. */
  readonly history: readonly Finding[]
  readonly complete: boolean
}

interface FilesAndHistoryRequest {
  readonly overrides: Overrides
  readonly history: boolean
}

/** Scans all files of the repository around the current folder, and its history if requested. */
export async function scanFilesAndHistory(
  policy: Policy,
  io: Io,
  { overrides, history }: FilesAndHistoryRequest,
): Promise<FilesAndHistory> {
  const scan = overrides.scan ?? (await import('../../scan/scan.ts')).scan
  const options: ScanOptions = { cwd: io.cwd, env: io.env, signal: io.signal, policy }
  const results = new Map<Target['name'], Awaited<ReturnType<typeof scan>>>()
  for (const target of targetsFor(await repositoryTop(io), history))
    results.set(target.name, await scan(target, options))
  return {
    files: results.get('scan')?.findings ?? [],
    history: results.get('history')?.findings ?? [],
    complete: [...results.values()].every(({ receipt }) => receipt.complete),
  }
}

function targetsFor(top: string | null | undefined, history: boolean): readonly Target[] {
  if (top === undefined) return [{ name: 'scan', git: false }]
  return [
    ...(top === null ? [] : [{ name: 'scan' } as const]),
    ...(history ? [{ name: 'history' } as const] : []),
  ]
}

/** Returns the top of the work tree, null for a bare repository, undefined outside of one. */
async function repositoryTop({ cwd, env }: Io): Promise<string | null | undefined> {
  const { openRepository } = await import('../../git/commands/repository.ts')
  try {
    return (await openRepository({ path: cwd, explicit: false, env })).top
  } catch (error) {
    if (error instanceof UsageError && !existsSync(join(cwd, '.git'))) return undefined
    throw error
  }
}
