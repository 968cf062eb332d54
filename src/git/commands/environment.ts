/** That of node:os, which takes longer to load than a hook has. */
const devNull = process.platform === 'win32' ? String.raw`\\.\nul` : '/dev/null'

/** Variables for a child process. */
export type Environment = Readonly<Record<string, string>>

/** What a child needs to be found, to find its home and to write temporary files. */
const SYSTEM = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'USERPROFILE',
  'XDG_CONFIG_HOME',
]

/**
 * Which repository, index and object store a command is about: set by git for its hooks, so they
 * must arrive.
 */
const PLACE = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
  'GIT_NAMESPACE',
  'GIT_SHALLOW_FILE',
  'GIT_CEILING_DIRECTORIES',
  'GIT_DISCOVERY_ACROSS_FILESYSTEM',
]

/** The user's own files with configuration, where they were moved. */
const OWN_CONFIGURATION = ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM']

/**
 * Everything by which the configuration of a hostile repository could start a program, reach a
 * network or change what we read.
 */
const SAFE_CONFIGURATION: readonly (readonly [key: string, value: string])[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', devNull],
  ['core.pager', 'cat'],
  ['core.sshCommand', 'false'],
  ['core.gitProxy', 'false'],
  ['core.alternateRefsCommand', 'false'],
  ['core.askPass', 'false'],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['log.showSignature', 'false'],
  ['gpg.program', 'false'],
  ['diff.ignoreSubmodules', 'none'],
  ['submodule.recurse', 'false'],
  ['core.quotePath', 'false'],
  ['gc.auto', '0'],
  // Git unpacks smaller blobs in memory before it prints them.
  ['core.bigFileThreshold', '8m'],
]

const SAFE_VARIABLES: Environment = {
  GIT_NO_REPLACE_OBJECTS: '1',
  // A file that is not there: what `.git/info/grafts` says of parents is no history, and git
  // complains of it.
  GIT_GRAFT_FILE: `${devNull}/grafts`,
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_PAGER: 'cat',
  LC_ALL: 'C',
}

export interface EnvironmentOptions {
  /**
   * `own`: the user's global and system configuration count (their ignore files); `none`: neither
   * does.
   */
  readonly configuration: 'own' | 'none'
  /**
   * Does the ambient `GIT_DIR` and its kin say which repository is meant? Not when a path was
   * given.
   */
  readonly ambientRepository: boolean
  /** The user's own `safe.directory` entries, passed on where their configuration is not read. */
  readonly safeDirectories: readonly string[]
}

/**
 * What decides how git reaches a remote: settings that are only safe where the repository's own
 * configuration is the user's, as in a clone that they made.
 */
const TRANSPORT = new Set([
  'core.sshCommand',
  'core.gitProxy',
  'core.askPass',
  'credential.helper',
  'protocol.allow',
])

/** The same as variables. */
const TRANSPORT_VARIABLES = [
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_ASKPASS',
  'SSH_ASKPASS',
  'SSH_AUTH_SOCK',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_PROXY_SSL_CAINFO',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
]

/**
 * For `git fetch` in a clone of the user's own: all is safe as ever, but for the user's ways to
 * reach their remote.
 */
export function fetchEnvironment(
  ambient: Readonly<Record<string, string | undefined>>,
): Environment {
  const settings = [
    ...SAFE_CONFIGURATION.filter(([key]) => !TRANSPORT.has(key)),
    ['protocol.ext.allow', 'never'],
    ['fetch.recurseSubmodules', 'false'],
    ['maintenance.auto', 'false'],
  ] as const
  const kept = [...SYSTEM, ...PLACE, ...OWN_CONFIGURATION, ...TRANSPORT_VARIABLES]
  return { ...picked(ambient, kept), ...SAFE_VARIABLES, ...asVariables(settings) }
}

/**
 * The one set of options every git is started with, as variables so that simple-git and
 * child_process get the same.
 */
export function gitEnvironment(
  ambient: Readonly<Record<string, string | undefined>>,
  choice: EnvironmentOptions,
): Environment {
  const passed = [
    ...SYSTEM,
    ...(choice.ambientRepository ? PLACE : []),
    ...(choice.configuration === 'own' ? OWN_CONFIGURATION : []),
  ]
  const neutral: Environment =
    choice.configuration === 'none' ? { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull } : {}
  const settings = [
    ...SAFE_CONFIGURATION,
    ...choice.safeDirectories.map((directory) => ['safe.directory', directory] as const),
  ]
  return { ...picked(ambient, passed), ...SAFE_VARIABLES, ...neutral, ...asVariables(settings) }
}

function picked(
  ambient: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Environment {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = ambient[name]
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

function asVariables(settings: readonly (readonly [key: string, value: string])[]): Environment {
  const each = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key] as const,
    [`GIT_CONFIG_VALUE_${at}`, value] as const,
  ])
  return Object.fromEntries([...each, ['GIT_CONFIG_COUNT', String(settings.length)]])
}
