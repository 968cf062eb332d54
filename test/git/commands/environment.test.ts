import { devNull } from 'node:os'
import { describe, expect, test } from 'vitest'
import { type EnvironmentOptions, gitEnvironment } from '../../../src/git/commands/environment.ts'

const place = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
]

/** Variables by which a hostile environment could start a program, change the input or write a file. */
const never = [
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_ASKPASS',
  'SSH_ASKPASS',
  'GIT_EDITOR',
  'EDITOR',
  'VISUAL',
  'PAGER',
  'LESS',
  'GIT_EXTERNAL_DIFF',
  'GIT_DIFF_OPTS',
  'GIT_PROXY_COMMAND',
  'GIT_EXEC_PATH',
  'GIT_TEMPLATE_DIR',
  'GIT_TRACE',
  'GIT_TRACE2',
  'GIT_TRACE2_EVENT',
  'GIT_TRACE_PACKET',
  'GIT_CURL_VERBOSE',
  'GIT_REDIRECT_STDOUT',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_REPLACE_REF_BASE',
  'GIT_GLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ALLOW_PROTOCOL',
  'GIT_DEFAULT_HASH',
  'LANG',
  'LANGUAGE',
  'LD_PRELOAD',
  'NODE_OPTIONS',
  'AWS_SECRET_ACCESS_KEY',
  'GITHUB_TOKEN',
  'SHELL',
  'http_proxy',
  'HTTPS_PROXY',
]

const ambient: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...place,
      ...never,
      'PATH',
      'HOME',
      'TMPDIR',
      'XDG_CONFIG_HOME',
      'GIT_CONFIG_GLOBAL',
      'GIT_CONFIG_SYSTEM',
    ].map((name) => [name, `/ambient/${name}`]),
  ),
  LC_ALL: 'de_DE.UTF-8',
  GIT_NO_REPLACE_OBJECTS: '0',
  GIT_GRAFT_FILE: '/ambient/GIT_GRAFT_FILE',
  GIT_TERMINAL_PROMPT: '1',
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'core.fsmonitor',
  GIT_CONFIG_VALUE_0: '/ambient/program',
  GIT_CONFIG_KEY_1: 'alias.x',
  GIT_CONFIG_VALUE_1: '!/ambient/program',
  GIT_CONFIG_KEY_99: 'core.pager',
  GIT_CONFIG_VALUE_99: '/ambient/program',
}

const choices: readonly EnvironmentOptions[] = (['own', 'none'] as const).flatMap((configuration) =>
  [true, false].flatMap((ambientRepository) =>
    [[], ['/srv/one', '*']].map((safeDirectories) => ({
      configuration,
      ambientRepository,
      safeDirectories,
    })),
  ),
)

/** The settings that git will read from the variables, later ones last. */
function settingsOf(
  env: Readonly<Record<string, string>>,
): readonly (readonly [key: string, value: string])[] {
  return Array.from(
    { length: Number(env['GIT_CONFIG_COUNT']) },
    (_, at) => [env[`GIT_CONFIG_KEY_${at}`]!, env[`GIT_CONFIG_VALUE_${at}`]!] as const,
  )
}

describe.each(choices)(
  'the environment of git ($configuration configuration, ambient repository $ambientRepository, $safeDirectories.length safe folders)',
  (choice) => {
    const env = gitEnvironment(ambient, choice)

    test('contains no forbidden variable', () => {
      expect(Object.keys(env).filter((name) => never.includes(name))).toEqual([])
      expect(Object.values(env).filter((value) => value.includes('/ambient/program'))).toEqual([])
    })

    test('contains no ambient variable of git but the listed ones', () => {
      const listed = [
        ...(choice.ambientRepository ? place : []),
        ...(choice.configuration === 'own' ? ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM'] : []),
      ]
      const passed = Object.entries(env).filter(
        ([name, value]) => name.startsWith('GIT_') && value.startsWith('/ambient/'),
      )
      expect(passed.map(([name]) => name).sort()).toEqual([...listed].sort())
    })

    test('counts its settings right, and each has a key and a value', () => {
      const count = Number(env['GIT_CONFIG_COUNT'])
      const numbers = Object.keys(env).flatMap(
        (name) => /^GIT_CONFIG_(?:KEY|VALUE)_(\d+)$/.exec(name)?.[1] ?? [],
      )
      expect(numbers.map(Number).sort((one, other) => one - other)).toEqual(
        Array.from({ length: 2 * count }, (_, at) => Math.floor(at / 2)),
      )
      for (const [key, value] of settingsOf(env))
        expect([typeof key, typeof value]).toEqual(['string', 'string'])
    })

    test('contains the safe folders, and no other such setting', () => {
      expect(
        settingsOf(env).flatMap(([key, value]) => (key === 'safe.directory' ? [value] : [])),
      ).toEqual([...choice.safeDirectories])
    })

    test('disables every program of the configuration', () => {
      const settings = new Map(settingsOf(env))
      expect(Object.fromEntries(settings)).toMatchObject({
        'core.fsmonitor': 'false',
        'core.hooksPath': devNull,
        'core.pager': 'cat',
        'core.sshCommand': 'false',
        'core.alternateRefsCommand': 'false',
        'protocol.allow': 'never',
      })
      expect(env).toMatchObject({
        GIT_NO_REPLACE_OBJECTS: '1',
        GIT_GRAFT_FILE: `${devNull}/grafts`,
        GIT_NO_LAZY_FETCH: '1',
        GIT_TERMINAL_PROMPT: '0',
        GIT_LITERAL_PATHSPECS: '1',
        GIT_OPTIONAL_LOCKS: '0',
        LC_ALL: 'C',
      })
    })

    test('reads the configuration of the user only on request', () => {
      if (choice.configuration === 'none')
        expect(env).toMatchObject({ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull })
      else
        expect([env['GIT_CONFIG_GLOBAL'], env['GIT_CONFIG_NOSYSTEM']]).toEqual([
          '/ambient/GIT_CONFIG_GLOBAL',
          undefined,
        ])
    })

    test('contains the variables by which git is found and finds its home folder', () => {
      expect(env).toMatchObject({
        PATH: '/ambient/PATH',
        HOME: '/ambient/HOME',
        TMPDIR: '/ambient/TMPDIR',
      })
    })
  },
)

test('a variable that is not set is not passed', () => {
  const env = gitEnvironment(
    { PATH: '/bin', HOME: undefined },
    { configuration: 'own', ambientRepository: true, safeDirectories: [] },
  )
  expect('HOME' in env || 'GIT_DIR' in env).toBe(false)
})
