/** Unpacks archives of git directories with the programs of the system. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/** Returns false when the archive cannot be unpacked, which fixtures of other projects may be. */
export function unpack(archive: string, into: string): boolean {
  mkdirSync(into, { recursive: true })
  const [program, ...args] = archive.endsWith('.zip')
    ? ['unzip', '-q', '-o', archive, '-d', into]
    : ['tar', '--no-same-owner', '--no-same-permissions', '-xf', archive, '-C', into]
  const { status } = spawnSync(program ?? '', args, { stdio: 'ignore', timeout: 60_000 })
  return status === 0
}
