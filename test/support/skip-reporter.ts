import type { Reporter, TestModule } from 'vitest/node'

/**
 * Lists the tests that were skipped, and fails the run for them where CI is set: `.ci/run` installs
 * every program that a test needs, so a skip there is a test that was lost.
 */
export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      Array.from(module.children.allTests('skipped'), (test) => ({
        file: module.relativeModuleId,
        name: test.fullName,
      })),
    )
    if (skipped.length === 0) return
    const lines = skipped.map(({ file, name }) => `  ${file}: ${name}`)
    console.log(`${skipped.length} skipped:\n${lines.join('\n')}`)
    if (process.env['CI'] === undefined || process.env['CI'] === '') return
    console.log('A skipped test fails the run where CI is set.')
    process.exitCode = 1
  }
}
