import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { junitReport } from '../../../src/report/formats/junit.ts'
import { hostileNamed } from '../../support/hostile.ts'
import { cleanResult, finding, hostileResult, place } from '../../support/result.ts'

const options = { version: '0.1.0', endedAt: new Date('2026-11-22T12:00:00Z'), subject: 'site' }
const schema = fileURLToPath(new URL('../../support/schemas/junit.xsd', import.meta.url))
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0

/** Runs xmllint (Debian package libxml2-utils) on a document, and returns its output. */
function xmllint(xml: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('xmllint', [...args, '-'], { input: xml })
  expect([status, stderr.toString().replaceAll(/^- validates\n/gm, '')]).toEqual([0, ''])
  return stdout.toString().trimEnd()
}

describe('the report for build servers', () => {
  test.skipIf(!hasXmllint).each([
    ['a clean result', cleanResult],
    ['a hostile result', hostileResult],
    ['hostile names', hostileNamed(9)],
    ['other hostile names', hostileNamed(10)],
  ])('matches the schema of JUnit: %s', (_name, result) => {
    expect(
      xmllint(
        junitReport(result, { ...options, showSuppressed: true }),
        '--noout',
        '--nonet',
        '--schema',
        schema,
      ),
    ).toBe('')
  })

  test.skipIf(!hasXmllint)(
    'has a failed test per finding, a skipped one below the severity that fails, and an error if incomplete',
    () => {
      const xml = junitReport(hostileResult, options)
      const count = (path: string): string => xmllint(xml, '--xpath', `count(${path})`)
      expect([
        count('//failure'),
        count('//skipped'),
        count('//error'),
        count('//testcase'),
      ]).toEqual(['3', '2', '1', '6'])
      expect(
        xmllint(
          xml,
          '--xpath',
          "concat(//testsuite/@tests, ' ', //testsuite/@failures, ' ', //testsuite/@skipped, ' ', //testsuite/@errors)",
        ),
      ).toBe('6 3 2 1')
      expect(
        junitReport(hostileResult, { ...options, failOn: 'low' }).match(/<failure /g),
      ).toHaveLength(5)
    },
  )

  test.skipIf(!hasXmllint)('shows names as other reports do', () => {
    const path = { text: `a]]>&<b>"'\u001B[1m\uFFFE.env` }
    const xml = junitReport(
      { ...cleanResult, findings: [finding({ places: [place({ kind: 'file', path })] })] },
      options,
    )
    expect(xmllint(xml, '--xpath', 'string(//testcase[2]/@name)')).toBe(
      `a]]>&<b>"'\\x1b[1m\uFFFD.env:3 f1a2b3c4d5e6f7a8`,
    )
  })

  test('passes with one test without findings, since a suite without tests fails', () => {
    const xml = junitReport(cleanResult, options)
    expect(xml).toContain(
      '<testcase classname="oakum" name="everything of staged was read" time="0"></testcase>',
    )
    expect(xml).toContain('tests="1" failures="0" errors="0" skipped="0"')
    expect(xml).toContain('timestamp="2026-11-22T11:59:59"')
  })
})
