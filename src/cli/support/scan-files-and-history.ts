import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../model/errors.ts'
import type { Finding } from '../../model/model.ts'
import type { Policy } from '../../model/policy.ts'
import type { ScanOptions, Target } from '../../model/target.ts'
import type { Overrides } from '../commands/scan.ts'
import type { Io } from '../process/io.ts'

interface FilesAndHistory {
  /** In the files git would take; of a folder without git, in all of them. */
  readonly files: readonly Finding[]
  /** In any object; none where history was not asked for. */
  readonly history: readonly Finding[]
  readonly complete: boolean
}

interface FilesAndHistoryRequest {
  readonly overrides: Overrides
  readonly history: boolean
}

/**
 * Scans the files around the current folder, all of the repository's, and its history if that is
 * wished for.
 */
export async function scanFilesAndHistory(
  policy: Policy,
  io: Io,
  { overrides, history }: FilesAndHistoryRequest,
): Promise<FilesAndHistory> {
  const scan = overrides.scan ?? (await import('../../scan/scan.ts')).scan
  const options: ScanOptions = { cwd: io.cwd, env: io.env, signal: io.signal, policy }
  const top = await repositoryTop(io)
  const targets: readonly Target[] =
    top === undefined
      ? [{ name: 'scan', git: false }]
      : [
          ...(top === null ? [] : [{ name: 'scan' } as const]),
          ...(history ? [{ name: 'history' } as const] : []),
        ]
  const results = new Map<Target['name'], Awaited<ReturnType<typeof scan>>>()
  for (const target of targets) results.set(target.name, await scan(target, options))
  return {
    files: results.get('scan')?.findings ?? [],
    history: results.get('history')?.findings ?? [],
    complete: [...results.values()].every(({ receipt }) => receipt.complete),
  }
}

/** Null for a bare repository, undefined for none. */
async function repositoryTop({ cwd, env }: Io): Promise<string | null | undefined> {
  const { openRepository } = await import('../../git/commands/repository.ts')
  try {
    return (await openRepository({ path: cwd, explicit: false, env })).top
  } catch (error) {
    if (error instanceof UsageError && !existsSync(join(cwd, '.git'))) return undefined
    throw error
  }
}
