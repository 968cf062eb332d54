import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { SkipReporter } from './test/support/skip-reporter.ts'

/** Slow end-to-end tests, which only `npm run test:nightly` runs. */
const NIGHTLY = 'test/**/*.nightly.test.ts'

/**
 * Tests of pure functions share their modules: to load these anew for each file takes longer than
 * most of the files run.
 */
const PURE = [
  'audit',
  'config',
  'model',
  'page',
  'report',
  'rules',
  'scan/decode',
  'scan/detect',
  'scan/env-files',
  'scan/findings',
  'scan/suppress',
].map((room) => `test/${room}/**/*.test.{ts,tsx}`)

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
    projects: [
      { extends: true, test: { name: 'real', include: [EVERY], exclude: [...PURE, ...excluded] } },
      { extends: true, test: { name: 'pure', include: PURE, exclude: excluded, isolate: false } },
    ],
  },
})
