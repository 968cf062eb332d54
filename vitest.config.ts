import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    // Most of the time goes to child processes, so no core is kept for the runner.
    maxWorkers: availableParallelism(),
  },
})
