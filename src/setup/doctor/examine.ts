/** Runs all checks of `oakum doctor` in one repository. */
import { openRepository } from '../../git/commands/repository.ts'
import { hooksFolderOf } from '../install/hooks-folder.ts'
import { runningProgram, sharedCommand } from '../install/program.ts'
import { type Check, type DoctorContext, type HookRunner } from './check.ts'
import { checkEnvFiles } from './env-files.ts'
import { findRunners } from './find-runners.ts'
import { checkSwitches } from './switches.ts'

/** The report of `oakum doctor`, as its JSON format prints it. */
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

/** The oldest supported Node version: major, minor. */
const MIN_NODE_VERSION = [20, 19] as const

/** Examines the hooks and env files of the repository around `cwd`, and changes nothing. */
export async function examine({ cwd, env, version }: DoctorRequest): Promise<DoctorReport> {
  const repository = await openRepository({ path: cwd, explicit: true, env })
  const folder = await hooksFolderOf(repository)
  const top = repository.top ?? repository.gitDir
  const context: DoctorContext = {
    repository,
    folder,
    env,
    version,
    target: { top, hooks: folder, command: sharedCommand(runningProgram(), top) },
  }
  const { runners, checks } = await findRunners(context)
  const switches = await checkSwitches(context, runners)
  const envFiles = await checkEnvFiles(context)
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
  const [minMajor, minMinor] = MIN_NODE_VERSION
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return []
  return [
    {
      id: 'node-too-old',
      state: 'trouble',
      text: `Node ${node} is older than ${MIN_NODE_VERSION.join('.')}`,
      remedy: `install Node ${MIN_NODE_VERSION.join('.')} or newer`,
    },
  ]
}
