/** Reads the policy files into a Policy, or throws one error with all their problems. */
import { basename, dirname, posix, relative, resolve } from 'node:path'
import { type LimitOptions, pickLimits } from '../model/limits.ts'
import { type ConfigOrigin, noPolicy, type Policy } from '../model/policy.ts'
import type { Severity } from '../model/rule.ts'
import { parseAllowFile } from './allow-file.ts'
import { parseBaselineFile } from './baseline-file.ts'
import { commitFiles, findPolicyFolderInCommit } from './commit.ts'
import type { Configuration, VerifyPolicy } from './configuration.ts'
import { diskFiles } from './disk.ts'
import { allowName, baselineName, configName, MAX_FILE_BYTES, type PolicyFiles } from './files.ts'
import { locatePolicy, pathFromTop, type PolicyLocation, realPath } from './locate.ts'
import { readConfiguration } from './read-configuration.ts'

/** Selects the policy to load. */
export interface PolicyRequest {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** The path that the user named to scan, if any. */
  readonly target?: string
  /** Path of the file to read instead of `oakum.yaml`, on disk or in `revision`. */
  readonly file?: string
  /** The commit to read the files from, instead of the disk. */
  readonly revision?: string
  /** Whether a repository named as an argument may configure its own scan. */
  readonly trusted?: boolean
  readonly strict?: boolean
  /** The date by which entries expire; default: today, in UTC. */
  readonly today?: string
}

/** A policy and the other settings of its files. */
export interface LoadedPolicy extends LimitOptions {
  readonly policy: Policy
  readonly failOn?: Severity
  readonly verify: VerifyPolicy
  /** True when a baseline file exists, even an empty one. */
  readonly hasBaseline?: boolean
  /** Folder of the policy files, or where new ones belong; absent for files of a commit. */
  readonly folder?: string
  /** A folder whose policy files were ignored, since its repository was named as an argument. */
  readonly untrustedFolder?: string
}

/** The files that a policy is read from. */
interface PolicySource {
  readonly files: PolicyFiles
  /** Name of the configuration file in `files`. */
  readonly config: string
  readonly origin: ConfigOrigin
  /** Folder of the files on disk; absent for files of a commit. */
  readonly folder?: string
}

/**
 * Loads the policy of a request. Throws a UsageError for a file or revision that does not exist, and
 * a ConfigError for invalid files.
 */
export async function loadPolicy(request: PolicyRequest): Promise<LoadedPolicy> {
  const location = locatePolicy({
    cwd: request.cwd,
    target: request.target,
    trusted: request.trusted === true,
  })
  const source = await findSource(request, location)
  const folder =
    source?.folder ??
    (request.revision === undefined ? (location.folder ?? location.top) : undefined)
  const folders = {
    ...(folder !== undefined && { folder }),
    ...(location.untrustedFolder !== undefined &&
      source === undefined && { untrustedFolder: location.untrustedFolder }),
  }
  if (source === undefined) return { policy: emptyPolicy(request), verify: 'ask', ...folders }

  const { files } = source
  const { configuration, rules } = await readConfiguration(
    files,
    source.config,
    request.file !== undefined,
  )
  const [allow, baseline] = [
    await files.read(allowName, MAX_FILE_BYTES.lines),
    await files.read(baselineName, MAX_FILE_BYTES.lines),
  ]
  return {
    policy: {
      ...emptyPolicy(request),
      config: source.origin,
      rules,
      levels: configuration.levels,
      allowedPaths: configuration.allowedPaths,
      allowedValues: configuration.allowedValues,
      allowed: allow === undefined ? [] : parseAllowFile(allow, files.displayName(allowName)),
      baseline:
        baseline === undefined ? [] : parseBaselineFile(baseline, files.displayName(baselineName)),
      markers: configuration.markers,
    },
    verify: configuration.verify,
    hasBaseline: baseline !== undefined,
    ...settingsOf(configuration, request.strict === true),
    ...folders,
  }
}

/**
 * Returns the limits and the failure threshold. With `--strict` only a setting that reports more
 * counts: limits are ignored, and so is every threshold but `low`.
 */
function settingsOf(
  configuration: Configuration,
  strict: boolean,
): LimitOptions & Pick<LoadedPolicy, 'failOn'> {
  const { failOn } = configuration
  if (strict) return failOn === 'low' ? { failOn } : {}
  return { ...pickLimits(configuration), ...(failOn && { failOn }) }
}

async function findSource(
  request: PolicyRequest,
  location: PolicyLocation,
): Promise<PolicySource | undefined> {
  const { cwd, file, revision } = request
  if (revision !== undefined) return findCommitSource(request, revision, location)
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
  if (location.folder === undefined) return undefined
  const prefix = pathFromTop(location.top, location.folder)
  return {
    files: diskFiles(location.folder, prefix),
    config: configName,
    origin: { path: `${prefix}${location.name ?? configName}`, from: 'worktree' },
    folder: location.folder,
  }
}

async function findCommitSource(
  { cwd, env, file, target }: PolicyRequest,
  revision: string,
  location: PolicyLocation,
): Promise<PolicySource | undefined> {
  const repository = {
    path: target === undefined ? cwd : location.start,
    explicit: target !== undefined,
    env,
  }
  if (file !== undefined) {
    const name = basename(file)
    const prefix = pathFromTop(location.top, dirname(resolve(realPath(cwd), file)))
    return {
      files: await commitFiles(repository, revision, prefix),
      config: name,
      origin: { path: `${prefix}${name}`, from: 'base' },
    }
  }
  const policyFolder = await findPolicyFolderInCommit(
    repository,
    revision,
    pathFromTop(location.top, location.start),
  )
  return (
    policyFolder && {
      files: policyFolder.files,
      config: configName,
      origin: { path: `${policyFolder.prefix}${policyFolder.name}`, from: 'base' },
    }
  )
}

function emptyPolicy({
  strict = false,
  today = new Date().toISOString().slice(0, 10),
  revision,
}: PolicyRequest): Policy {
  return { ...noPolicy, strict, today, ...(revision !== undefined && { markersAsOf: revision }) }
}
