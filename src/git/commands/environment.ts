/**
 * The environment variables with which every git is started: the ambient ones that git needs, and
 * settings that keep a hostile repository from starting programs or reaching a network.
 */

/** Same as `devNull` of node:os, whose loading takes longer than a hook may. */
const DEV_NULL = process.platform === 'win32' ? String.raw`\\.\nul` : '/dev/null'

/** Environment variables of a child process. */
export type Environment = Readonly<Record<string, string>>

/** Variables by which git is found, finds its home folder and writes temporary files. */
const SYSTEM_VARIABLES = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'USERPROFILE',
  'XDG_CONFIG_HOME',
]

/** Variables that name the repository, index and object store. Git sets them for its hooks. */
const REPOSITORY_VARIABLES = [
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

/** Variables that name the user's configuration files where these were moved. */
const CONFIGURATION_VARIABLES = ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM']

/**
 * Settings by which the configuration of a hostile repository could start a program, reach a
 * network or change the output that Oakum reads, each with a harmless value.
 */
const SAFE_CONFIGURATION: readonly (readonly [key: string, value: string])[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', DEV_NULL],
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
  // Larger blobs are streamed; git unpacks smaller ones in memory before it prints them.
  ['core.bigFileThreshold', '8m'],
]

const SAFE_VARIABLES: Environment = {
  GIT_NO_REPLACE_OBJECTS: '1',
  // A file that does not exist: `.git/info/grafts` would change parents, and git warns about it.
  GIT_GRAFT_FILE: `${DEV_NULL}/grafts`,
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_PAGER: 'cat',
  LC_ALL: 'C',
}

export interface EnvironmentOptions {
  /** `own`: git reads the user's global and system configuration; `none`: it reads neither. */
  readonly configuration: 'own' | 'none'
  /** True when `GIT_DIR` and the like name the repository; false when the user gave a path. */
  readonly ambientRepository: boolean
  /** The user's `safe.directory` entries, for a git that does not read their configuration. */
  readonly safeDirectories: readonly string[]
}

/**
 * Settings that decide how git reaches a remote. They are safe only where the repository's own
 * configuration is the user's, as in a clone that they made.
 */
const TRANSPORT_SETTINGS = new Set([
  'core.sshCommand',
  'core.gitProxy',
  'core.askPass',
  'credential.helper',
  'protocol.allow',
])

/** Environment variables that decide how git reaches a remote. */
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
 * Returns the environment for `git fetch` in a clone of the user's own: all settings stay safe but
 * those by which the user reaches their remote.
 */
export function fetchEnvironment(
  ambient: Readonly<Record<string, string | undefined>>,
): Environment {
  const settings = [
    ...SAFE_CONFIGURATION.filter(([key]) => !TRANSPORT_SETTINGS.has(key)),
    ['protocol.ext.allow', 'never'],
    ['fetch.recurseSubmodules', 'false'],
    ['maintenance.auto', 'false'],
  ] as const
  const names = [
    ...SYSTEM_VARIABLES,
    ...REPOSITORY_VARIABLES,
    ...CONFIGURATION_VARIABLES,
    ...TRANSPORT_VARIABLES,
  ]
  return { ...pickVariables(ambient, names), ...SAFE_VARIABLES, ...asVariables(settings) }
}

/**
 * Returns the environment with which every git is started. Settings are given as variables so that
 * gits started by simple-git and by child_process have the same ones.
 */
export function gitEnvironment(
  ambient: Readonly<Record<string, string | undefined>>,
  options: EnvironmentOptions,
): Environment {
  const names = [
    ...SYSTEM_VARIABLES,
    ...(options.ambientRepository ? REPOSITORY_VARIABLES : []),
    ...(options.configuration === 'own' ? CONFIGURATION_VARIABLES : []),
  ]
  const noConfiguration: Environment =
    options.configuration === 'none'
      ? { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: DEV_NULL }
      : {}
  const settings = [
    ...SAFE_CONFIGURATION,
    ...options.safeDirectories.map((directory) => ['safe.directory', directory] as const),
  ]
  return {
    ...pickVariables(ambient, names),
    ...SAFE_VARIABLES,
    ...noConfiguration,
    ...asVariables(settings),
  }
}

function pickVariables(
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

/** Encodes settings as `GIT_CONFIG_KEY_<n>`, `GIT_CONFIG_VALUE_<n>` and `GIT_CONFIG_COUNT`. */
function asVariables(settings: readonly (readonly [key: string, value: string])[]): Environment {
  const variables = settings.flatMap(([key, value], at) => [
    [`GIT_CONFIG_KEY_${at}`, key] as const,
    [`GIT_CONFIG_VALUE_${at}`, value] as const,
  ])
  return Object.fromEntries([...variables, ['GIT_CONFIG_COUNT', String(settings.length)]])
}
