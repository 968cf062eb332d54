/** Types of `oakum doctor`. Field names and values are those of its JSON, so they stay. */
import type { Repository } from '../../git/commands/repository.ts'
import type { HookName } from '../install/hook-names.ts'
import type { HooksFolder } from '../install/hooks-folder.ts'
import type { InstallTarget } from '../install/managers/install-target.ts'

/**
 * The result of one check. `trouble` is a problem: something that should block secrets does not.
 * `note` is information without a need to act.
 */
export interface Check {
  readonly id: string
  readonly state: 'good' | 'note' | 'trouble'
  /** The observation, in one line. */
  readonly text: string
  /** Instructions that fix the problem. */
  readonly remedy?: string
}

/** A program or script that git runs at one of its hooks. */
export interface HookRunner {
  readonly hook: HookName
  /** Path of a file, or key of a git setting. */
  readonly what: string
  /** `oakum` for Oakum's own lines, the name of a hook manager, or `other`. */
  readonly by: 'oakum' | 'husky' | 'lefthook' | 'simple-git-hooks' | 'pre-commit' | 'other'
  /** True when it starts a scan of Oakum. */
  readonly scans: boolean
}

/** The repository under examination and its surroundings, as all checks need them. */
export interface DoctorContext {
  readonly repository: Repository
  readonly target: InstallTarget
  readonly folder: HooksFolder
  readonly env: Readonly<Record<string, string | undefined>>
  /** Version of the Oakum that runs the checks. */
  readonly version: string
}

/** The runners of one or more hooks, and the results of the checks about them. */
export interface HookReport {
  readonly runners: readonly HookRunner[]
  readonly checks: readonly Check[]
}
