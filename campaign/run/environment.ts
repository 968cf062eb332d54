/** Environments of the programs that a case starts: nothing of the user's reaches them. */
import { gitEnvironment } from '../../src/git/commands/environment.ts'
import type { Trial } from '../trial.ts'

/** Oakum's: its home, state and temporary files are in the case's folder. */
export function oakumEnvironment(trial: Trial): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: trial.path('home'),
    XDG_STATE_HOME: trial.path('home', 'state'),
    TMPDIR: trial.path('tmp'),
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  }
}

/** Git's when it is asked for its own word: the one that Oakum gives to git. */
export function safeGitEnvironment(trial: Trial): Record<string, string> {
  return {
    ...gitEnvironment(oakumEnvironment(trial), {
      configuration: 'none',
      ambientRepository: false,
      safeDirectories: ['*'],
    }),
  }
}

/** Git's when a case builds or changes a repository. */
export function authorEnvironment(home: string): Record<string, string> {
  const date = '1704067200 +0000'
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LC_ALL: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Ada Author',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: 'Cem Committer',
    GIT_COMMITTER_EMAIL: 'cem@example.com',
    GIT_COMMITTER_DATE: date,
  }
}
