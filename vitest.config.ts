import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { SkipReporter } from './test/support/skip-reporter.ts'

/** Slow end-to-end tests, which only `npm run test:nightly` runs. */
const NIGHTLY = 'test/**/*.nightly.test.ts'

/** Tries a whole configuration of gitleaks: for who names one in GITLEAKS_CONFIG. */
const GITLEAKS = 'test/setup/import/default-config.test.ts'

const isNightly = process.env['OAKUM_TEST_STRENGTH'] === '1'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [
      ...(isNightly ? [] : [NIGHTLY]),
      ...(process.env['GITLEAKS_CONFIG'] === undefined ? [GITLEAKS] : []),
    ],
    // A busy machine makes child processes many times slower.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new SkipReporter()],
    // Tests wait for child processes half of the time: one more worker than cores uses them.
    maxWorkers: availableParallelism() + 1,
  },
})
