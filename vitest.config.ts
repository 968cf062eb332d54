import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { SkipReporter } from './test/support/skip-reporter.ts'

/** Slow end-to-end tests, which only `npm run test:nightly` runs. */
const NIGHTLY = 'test/**/*.nightly.test.ts'

/** Files that replace modules: these get modules of their own. */
const MOCKING = [
  'test/cli/usage.test.ts',
  'test/git/attribution/attribute.test.ts',
  'test/git/attribution/cache/find-introductions.test.ts',
  'test/scan/staged-fast-path/scan-staged.test.ts',
  'test/scan/unreported.test.ts',
  'test/verify/profile.test.ts',
]

const EVERY = 'test/**/*.test.{ts,tsx}'

/** Tries a whole configuration of gitleaks: for who names one in GITLEAKS_CONFIG. */
const GITLEAKS = 'test/setup/import/default-config.test.ts'

const isNightly = process.env['OAKUM_TEST_STRENGTH'] === '1'

const excluded = [
  ...(isNightly ? [] : [NIGHTLY]),
  ...(process.env['GITLEAKS_CONFIG'] === undefined ? [GITLEAKS] : []),
]

export default defineConfig({
  test: {
    // A busy machine makes child processes many times slower.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new SkipReporter()],
    // Tests wait for child processes half of the time: one more worker than cores uses them.
    maxWorkers: availableParallelism() + 1,
    // A worker with little memory starts git in a fraction of the time.
    execArgv: ['--expose-gc', '--max-semi-space-size=4'],
    setupFiles: ['./test/support/setup.ts'],
    projects: [
      // To load the modules anew for each file takes longer than most files run.
      {
        extends: true,
        test: {
          name: 'shared',
          include: [EVERY],
          exclude: [...MOCKING, ...excluded],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'mocking', include: MOCKING } },
    ],
  },
})
