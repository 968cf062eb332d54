/** The page in a real browser: Debian's chromium, without a window. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ScanResult } from '../../src/model/outcome.ts'
import { htmlReport } from '../../src/report/html/report.ts'
import { attacks, hostileNamed } from '../support/hostile.ts'
import { manyFindings } from '../support/many.ts'
import { temporaryFolder } from '../support/repo.ts'
import { cleanResult, hostileResult } from '../support/result.ts'

// What is used of elements: the types of React declare them empty.
interface Openable {
  setAttribute(name: string, value: string): void
}

interface TableRow {
  readonly children: Iterable<{ readonly textContent: string }>
}

const executablePath = '/usr/bin/chromium'
const folder = temporaryFolder()
const options = { version: '0.1.0', endedAt: new Date('2026-11-22T12:00:00Z'), subject: 'site' }

interface Opened {
  readonly page: Page
  /** Requests, messages of the console, errors and dialogs: there are none but the page itself. */
  readonly noise: readonly string[]
}

/**
 * What axe has to say of the page as it is now. Its script comes from the test, past the page's
 * policy.
 */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const found = (await page.evaluate('axe.run()')) as {
    readonly violations: readonly {
      readonly id: string
      readonly nodes: readonly { readonly html: string }[]
    }[]
  }
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)
}

function rows(page: Page): Locator {
  return page.locator('.rows > li')
}

function status(page: Page): Promise<string | null> {
  return page.locator('.status').textContent()
}

describe.skipIf(!existsSync(executablePath))('the page, in chromium', () => {
  let browser: Browser
  const noises: string[][] = []
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(() => browser.close())

  async function open(
    result: ScanResult,
    colorScheme: 'light' | 'dark' = 'light',
    more = {},
  ): Promise<Opened> {
    const file = join(folder, `${noises.length}.html`)
    writeFileSync(file, htmlReport(result, { ...options, ...more }))
    const page = await browser.newPage({ colorScheme })
    const noise: string[] = []
    noises.push(noise)
    page.on(
      'request',
      (request) =>
        void (request.url() === `file://${file}` || noise.push(`request ${request.url()}`)),
    )
    page.on('console', (message) => noise.push(`console ${message.text()}`))
    page.on('pageerror', (error) => noise.push(`error ${error.message}`))
    page.on('dialog', (dialog) => void noise.push(`dialog ${dialog.message()}`))
    await page.goto(`file://${file}`)
    return { page, noise }
  }

  test.each([
    ['hostile names', hostileNamed(3)],
    ['other hostile names', hostileNamed(4)],
    ['a hostile result', hostileResult],
  ])('lets %s do nothing, and shows them', async (_name, result) => {
    const { page, noise } = await open(result, 'light', {
      showSuppressed: true,
      allOrigins: true,
      verbose: true,
    })
    await page
      .locator('details')
      .evaluateAll((all) =>
        (all as unknown as readonly Openable[]).forEach((one) => one.setAttribute('open', '')),
      )
    await page
      .locator('.finding .body')
      .nth(result.findings.length - 1)
      .waitFor()
    expect(await rows(page).count()).toBe(result.findings.length)
    expect(await page.evaluate('globalThis.owned')).toBeUndefined()
    expect(await page.locator('a, img, iframe, object, embed, base, link, form').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(2)
    expect(await page.locator('body').innerText()).not.toMatch(/\p{Cf}/u)
    expect(noise).toEqual([])
    await page.close()
  })

  test('shows a name as it is', async () => {
    const { page } = await open(hostileResult)
    expect(attacks).toContain('</script><script>window.owned=1</script>')
    expect(await page.locator('.where').first().textContent()).toBe(
      '</script><script>alert(1)</script>.env:3',
    )
    await page.close()
  })

  test.each(['light', 'dark'] as const)(
    'satisfies axe in %s, with findings open and a period chosen',
    async (scheme) => {
      const { page, noise } = await open(manyFindings(30), scheme)
      await page.locator('.period').nth(2).press('Enter')
      for (const at of [0, 1]) await page.locator('.finding > summary').nth(at).click()
      await page.locator('.plain > summary').first().click()
      expect(await violationsOf(page)).toEqual([])
      expect(noise).toEqual([])
      await page.close()
    },
  )

  test.each([
    ['nothing found', cleanResult],
    ['a scan that is not complete', hostileResult],
  ])('satisfies axe with %s', async (_name, result) => {
    const { page, noise } = await open(result)
    expect(await violationsOf(page)).toEqual([])
    expect(noise).toEqual([])
    await page.close()
  })

  test('of 3,000 findings shows a hundred at a time, filters all of them, and prints what is left', async () => {
    const result = manyFindings(3000)
    const { page, noise } = await open(result)
    expect([await rows(page).count(), await status(page)]).toEqual([100, 'All 3,000 findings.'])
    // By keyboard: rows get their height as they come into view, and on a busy machine once moved
    // the button away under the mouse.
    await page.getByRole('button', { name: 'Show 100 more' }).press('Enter')
    expect(await rows(page).count()).toBe(200)

    const critical = result.findings.filter(({ severity }) => severity === 'critical').length
    await page
      .getByRole('button', { name: /critical$/ })
      .first()
      .click()
    expect(await status(page)).toBe(`${critical} of 3,000 findings: critical.`)
    expect(await page.locator('#by-severity').inputValue()).toBe('critical')
    await page.locator('#search').fill('terraform yamada')
    const left = Number((await status(page))?.split(' ')[0])
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(critical)

    await page.getByRole('button', { name: 'Clear' }).click()
    await page.locator('#search').fill(result.findings[2345]!.fingerprint)
    expect(await status(page)).toContain('1 of 3,000 findings')
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.locator('#by-rule').selectOption('json-web-token')
    await page.locator('#by-head').selectOption('in')
    const expected = result.findings.filter(
      ({ rule, attribution }) => rule.id === 'json-web-token' && attribution?.inHead,
    ).length
    expect(await status(page)).toBe(`${expected} of 3,000 findings: json-web-token, in HEAD.`)
    await page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(await rows(page).count()).toBe(expected)
    expect(noise).toEqual([])
    await page.close()
  })

  test('has a timeline that chooses, by mouse and by keyboard, and says the same as a table', async () => {
    const result = manyFindings(200)
    const { page } = await open(result)
    const period = page.locator('.period').nth(4)
    const [, label, introduced, removed] =
      /^(.*): (\d+) introduced, (\d+) removed/.exec(
        (await period.getAttribute('aria-label')) ?? '',
      ) ?? []
    await period.click()
    expect(await period.getAttribute('aria-pressed')).toBe('true')
    const shown = Number((await status(page))?.split(' ')[0])
    expect(await status(page)).toContain(`introduced or removed in ${label}`)
    // A credential introduced and removed in one period is one finding.
    expect(shown).toBeGreaterThanOrEqual(Math.max(Number(introduced), Number(removed)))
    expect(shown).toBeLessThanOrEqual(Number(introduced) + Number(removed))
    await period.press(' ')
    expect(await status(page)).toBe('All 200 findings.')
    await page.locator('#timeline summary').click()
    const sums = await page
      .locator('#timeline tbody tr')
      .evaluateAll((lines) =>
        (lines as unknown as readonly TableRow[]).map((line) =>
          [...line.children].slice(1, 5).reduce((sum, cell) => sum + Number(cell.textContent), 0),
        ),
      )
    expect(sums.reduce((sum, count) => sum + count, 0)).toBe(200)
    await page.close()
  })

  test('opens a finding to what to do, where, since when, and what the provider said', async () => {
    const { page } = await open(manyFindings(80))
    for (const name of ['live', 'published'])
      await page.locator('.choice', { hasText: name }).click()
    await page.locator('.finding > summary').first().click()
    const body = await page.locator('.finding .body').first().innerText()
    for (const words of [
      /what to do/i,
      'Rotate it first',
      'arn:aws:iam::123456789012:user/deploy',
      'introduced',
      'fingerprint',
      'oak1-',
    ])
      expect(body).toMatch(words)
    await page.close()
  })

  test('is read without its script as far as the verdict', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    const file = join(folder, 'plain.html')
    writeFileSync(file, htmlReport(hostileResult, options))
    await page.goto(`file://${file}`)
    expect(await page.locator('body').innerText()).toContain('5 secrets found in the rest')
    await context.close()
  })
})

test('the page lets nothing in but its own style and script', () => {
  const html = htmlReport(hostileNamed(5), options)
  expect(html).toMatch(
    /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'">/,
  )
  const data = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(html)?.[1] ?? ''
  expect(data).not.toMatch(/[<>&\u2028\u2029]/)
  expect(JSON.parse(data)).toMatchObject({ findings: expect.any(Array), complete: false })
})
