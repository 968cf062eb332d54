import type { HookName } from '../install/hook-names.ts'
import type { HooksFolder } from '../install/hooks-folder.ts'
import type { InstallTarget } from '../install/managers/install-target.ts'
import type { Repository } from '../../git/commands/repository.ts'

/**
 * One thing that was looked at. `trouble`: something that should stop secrets does not; `note`:
 * good to know.
 */
export interface Check {
  readonly id: string
  readonly state: 'good' | 'note' | 'trouble'
  /** What is so, in one line. */
  readonly text: string
  /** What to do about it. */
  readonly remedy?: string
}

/** What runs at a hook of git, in its order. */
export interface HookRunner {
  readonly hook: HookName
  /** A file, or a setting of git. */
  readonly what: string
  /** `oakum`: its own lines; a manager of hooks; `other`. */
  readonly by: 'oakum' | 'husky' | 'lefthook' | 'simple-git-hooks' | 'pre-commit' | 'other'
  /** Does it scan? */
  readonly scans: boolean
}

/** What all checks look at. */
export interface DoctorContext {
  readonly repository: Repository
  readonly target: InstallTarget
  readonly folder: HooksFolder
  readonly env: Readonly<Record<string, string | undefined>>
  /** Version of the Oakum that looks. */
  readonly version: string
}

/** What was found of a part. */
export interface HookReport {
  readonly runners: readonly HookRunner[]
  readonly checks: readonly Check[]
}
