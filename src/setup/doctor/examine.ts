import { openRepository } from '../../git/commands/repository.ts'
import { hooksFolderOf } from '../install/hooks-folder.ts'
import { runningProgram, sharedCommand } from '../install/program.ts'
import { type Check, type DoctorContext, type HookRunner } from './check.ts'
import { checkEnvFiles } from './env-files.ts'
import { findRunners } from './find-runners.ts'
import { checkSwitches } from './switches.ts'

/** All that was looked at, in one repository. */
export interface DoctorReport {
  readonly versions: { readonly oakum: string; readonly node: string; readonly git: string }
  /** Top of the work tree, or the bare repository. */
  readonly folder: string
  readonly runners: readonly HookRunner[]
  readonly checks: readonly Check[]
}

export interface DoctorRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly version: string
}

const floor = [20, 19] as const

/** Looks at what runs at commits and pushes in the repository around `cwd`, and changes nothing. */
export async function examine({ cwd, env, version }: DoctorRequest): Promise<DoctorReport> {
  const repository = await openRepository({ path: cwd, explicit: true, env })
  const folder = await hooksFolderOf(repository)
  const top = repository.top ?? repository.gitDir
  const patient: DoctorContext = {
    repository,
    folder,
    env,
    version,
    target: { top, hooks: folder, command: sharedCommand(runningProgram(), top) },
  }
  const { runners, checks } = await findRunners(patient)
  const [switches, envFiles] = [await checkSwitches(patient, runners), await checkEnvFiles(patient)]
  const node = process.versions.node
  return {
    versions: { oakum: version, node, git: repository.gitVersion },
    folder: top,
    runners,
    checks: [...checks, ...switches, ...envFiles, ...checkNode(node)],
  }
}

function checkNode(node: string): readonly Check[] {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  if (major > floor[0] || (major === floor[0] && minor >= floor[1])) return []
  return [
    {
      id: 'node-too-old',
      state: 'trouble',
      text: `Node ${node} is older than ${floor.join('.')}`,
      remedy: `install Node ${floor.join('.')} or newer`,
    },
  ]
}
