/** The files of a policy → the policy; or one error with all that is wrong with them. */
import { basename, dirname, posix, relative, resolve } from 'node:path'
import { type LimitOptions, pickLimits } from '../model/limits.ts'
import { type ConfigOrigin, noPolicy, type Policy } from '../model/policy.ts'
import { parseAllowFile } from './allow-file.ts'
import { parseBaselineFile } from './baseline-file.ts'
import { commitFiles, commitFolder } from './commit.ts'
import type { Configuration, VerifyPolicy } from './configuration.ts'
import { diskFiles } from './disk.ts'
import { allowName, baselineName, configName, type Files, maxBytes } from './files.ts'
import { fromTop, locatePolicy, real } from './locate.ts'
import { readConfiguration } from './read-configuration.ts'
import type { Severity } from '../model/rule.ts'

/** Which policy is asked for. */
export interface PolicyRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The path that was given as an argument, if any. */
  readonly given?: string
  /** A file instead of `oakum.yaml`; with a revision, as it is there. */
  readonly file?: string
  /** The files as they are in this commit. */
  readonly revision?: string
  /** Files of a repository that was given count too. */
  readonly trusted?: boolean
  readonly strict?: boolean
  /** Default: today, in UTC. */
  readonly today?: string
}

/** A policy, and what else its file says. */
export interface LoadedPolicy extends LimitOptions {
  readonly policy: Policy
  readonly failOn?: Severity
  readonly verify: VerifyPolicy
  /** There is a baseline, be it an empty one. */
  readonly hasBaseline?: boolean
  /** Where its files are or belong; absent when they come from a commit. */
  readonly folder?: string
  /** A folder whose files were left unread, since the repository was given as an argument. */
  readonly distrusted?: string
}

interface Source {
  readonly files: Files
  readonly config: string
  readonly origin: ConfigOrigin
  readonly folder?: string
}

/**
 * Reads the policy that is asked for. UsageError for a file or revision that is not there,
 * ConfigError for what is wrong in the files.
 */
export async function loadPolicy(request: PolicyRequest): Promise<LoadedPolicy> {
  const located = locatePolicy({
    cwd: request.cwd,
    given: request.given,
    trusted: request.trusted === true,
  })
  const source = await sourceOf(request, located)
  const folder =
    source?.folder ?? (request.revision === undefined ? (located.folder ?? located.top) : undefined)
  const rest = {
    ...(folder !== undefined && { folder }),
    ...(located.distrusted !== undefined &&
      source === undefined && { distrusted: located.distrusted }),
  }
  if (source === undefined) return { policy: emptyPolicy(request), verify: 'ask', ...rest }

  const { files } = source
  const { configuration, rules } = await readConfiguration(
    files,
    source.config,
    request.file !== undefined,
  )
  const [allow, baseline] = [
    await files.read(allowName, maxBytes.lines),
    await files.read(baselineName, maxBytes.lines),
  ]
  return {
    policy: {
      ...emptyPolicy(request),
      config: source.origin,
      rules,
      levels: configuration.levels,
      allowedPaths: configuration.allowedPaths,
      allowedValues: configuration.allowedValues,
      allowed: allow === undefined ? [] : parseAllowFile(allow, files.called(allowName)),
      baseline:
        baseline === undefined ? [] : parseBaselineFile(baseline, files.called(baselineName)),
      markers: configuration.markers,
    },
    verify: configuration.verify,
    hasBaseline: baseline !== undefined,
    ...settingsOf(configuration, request.strict === true),
    ...rest,
  }
}

/**
 * Limits take away from a scan, and a higher threshold from its verdict: strictly, neither counts.
 */
function settingsOf(
  configuration: Configuration,
  strict: boolean,
): LimitOptions & Pick<LoadedPolicy, 'failOn'> {
  const { failOn } = configuration
  if (strict) return failOn === 'low' ? { failOn } : {}
  return { ...pickLimits(configuration), ...(failOn && { failOn }) }
}

async function sourceOf(
  request: PolicyRequest,
  located: ReturnType<typeof locatePolicy>,
): Promise<Source | undefined> {
  const { cwd, env, file, revision, given } = request
  if (revision !== undefined) {
    const place = given === undefined ? cwd : located.start
    if (file !== undefined) {
      const [name, prefix] = [
        basename(file),
        fromTop(located.top, dirname(resolve(real(cwd), file))),
      ]
      return {
        files: await commitFiles(
          { path: place, explicit: given !== undefined, env },
          revision,
          prefix,
        ),
        config: name,
        origin: { path: `${prefix}${name}`, from: 'base' },
      }
    }
    const found = await commitFolder(
      { path: place, explicit: given !== undefined, env },
      revision,
      fromTop(located.top, located.start),
    )
    return (
      found && {
        files: found.files,
        config: configName,
        origin: { path: `${found.prefix}${found.name}`, from: 'base' },
      }
    )
  }
  if (file !== undefined) {
    const folder = dirname(resolve(cwd, file))
    const prefix = posix.join(relative(cwd, folder).replaceAll('\\', '/'), '/').replace(/^\//, '')
    return {
      files: diskFiles(folder, prefix),
      config: basename(file),
      origin: { path: file, from: 'argument' },
      folder,
    }
  }
  if (located.folder === undefined) return undefined
  const prefix = fromTop(located.top, located.folder)
  return {
    files: diskFiles(located.folder, prefix),
    config: configName,
    origin: { path: `${prefix}${located.name ?? configName}`, from: 'worktree' },
    folder: located.folder,
  }
}

function emptyPolicy({
  strict = false,
  today = new Date().toISOString().slice(0, 10),
  revision,
}: PolicyRequest): Policy {
  return { ...noPolicy, strict, today, ...(revision !== undefined && { markersAsOf: revision }) }
}
