// Scans the history of a repository, and says how many of the credentials found should be rotated.
//   node examples/scan.mjs [repository]
import { isExpected, reporters, scan } from 'oakum'

try {
  const result = await scan(
    { name: 'history', path: process.argv[2] ?? '.' },
    { deadlineMs: 60_000 },
  )
  // Names and messages of a repository may hold anything: the reporters make them harmless.
  process.stdout.write(reporters.text(result, { version: 'example' }))

  const strong = result.findings.filter(
    ({ severity }) => severity === 'high' || severity === 'critical',
  )
  process.stdout.write(`${strong.length} to rotate\n`)
  // A scan that did not read everything has not shown that there is nothing.
  if (strong.length > 0 || !result.receipt.complete) process.exitCode = 1
} catch (error) {
  if (!isExpected(error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
